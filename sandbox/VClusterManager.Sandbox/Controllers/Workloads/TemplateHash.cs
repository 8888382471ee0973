using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Controllers.Workloads;

/// <summary>A short name for a pod template: the same template has the same one.</summary>
internal static class TemplateHash
{
    private const string SafeCharacters = "bcdfghjklmnpqrstvwxz2456789";
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    public static string Of(JsonNode? template)
    {
        var hash = FnvOffset;
        foreach (var part in GoJson.Compact(template))
        {
            hash = (hash ^ part) * FnvPrime;
        }

        var digits = hash.ToString(CultureInfo.InvariantCulture);
        return string.Concat(digits.Select(digit => SafeCharacters[digit % SafeCharacters.Length]));
    }
}
