using k8s.KubeConfigModels;
using YamlDotNet.Serialization;

namespace VClusterManager.Server.Kubernetes;

/// <summary>
/// Reads a kubeconfig into the library's own form, but not by the library's reader: that one first makes every kind of
/// Kubernetes object ready, which is a fifth of what an idle server has in memory.
/// </summary>
internal static class KubeconfigText
{
    /// <exception cref="YamlDotNet.Core.YamlException">It is no YAML, or none of this form.</exception>
    public static K8SConfiguration? ParseOrNull(TextReader text) =>
        new DeserializerBuilder()
            .IgnoreUnmatchedProperties()
            .WithAttemptingUnquotedStringTypeDeserialization()
            .Build()
            .Deserialize<K8SConfiguration?>(text);

    /// <inheritdoc cref="ParseOrNull"/>
    public static K8SConfiguration Parse(string text) => ParseOrNull(new StringReader(text)) ?? new K8SConfiguration();
}
