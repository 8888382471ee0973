using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Verbs;

/// <summary>The kube contexts that connect makes and delete takes away.</summary>
internal static class KubeContexts
{
    /// <summary>Removes a context, its cluster and its user, and goes back to another when it was in force.</summary>
    public static void Remove(KubeConfigFile file, string context, string other)
    {
        if (file.Find("contexts", context) is null)
        {
            return;
        }

        foreach (var list in (string[])["contexts", "clusters", "users"])
        {
            file.Remove(list, context);
        }

        if (file.CurrentContext == context)
        {
            file.CurrentContext = other;
        }

        file.Save();
    }

    /// <summary>Adds a context under one name for all three parts of it, and puts it in force.</summary>
    public static void Add(KubeConfigFile file, string name, JsonObject cluster, JsonObject user)
    {
        file.Put("clusters", name, cluster.DeepClone().AsObject());
        file.Put("users", name, user.DeepClone().AsObject());
        file.Put("contexts", name, new JsonObject { ["cluster"] = name, ["user"] = name });
        file.CurrentContext = name;
        file.Save();
    }
}
