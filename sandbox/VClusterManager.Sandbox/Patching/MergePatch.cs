using System.Text.Json.Nodes;

namespace VClusterManager.Sandbox.Patching;

/// <summary>RFC 7386: members replace members, null removes, lists are replaced whole.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject inner:
                    var below = target[name] as JsonObject;
                    if (below is null)
                    {
                        below = [];
                        target[name] = below;
                    }

                    Apply(below, inner);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }

        return target;
    }
}
