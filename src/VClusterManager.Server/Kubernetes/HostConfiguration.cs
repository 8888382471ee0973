using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using VClusterManager.Server.Configuration;
using YamlDotNet.Core;

namespace VClusterManager.Server.Kubernetes;

/// <summary>Where the host is and how to get in: for our own client, and for the tools that we run.</summary>
/// <remarks>
/// A kubeconfig that is configured, else the service account of the pod that we run in, else <c>~/.kube/config</c>.
/// Several files may be given, as kubectl takes them, separated like a search path.
/// </remarks>
internal sealed class HostConfiguration(KubernetesOptions options)
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount/";

    /// <summary>The kubeconfig files; empty when the service account is used.</summary>
    public IReadOnlyList<string> Files { get; } = FilesOf(options);

    /// <summary>The API server as people know it, for messages.</summary>
    public string Description =>
        Files.Count > 0 ? $"kubeconfig {string.Join(Path.PathSeparator, Files)}" : "the pod's service account";

    /// <summary>Reads the configuration anew, and runs the credential plugin that it may name: may take seconds.</summary>
    /// <exception cref="KubeConfigException">It is missing or does not fit together; the text is for people.</exception>
    public KubernetesClientConfiguration Read()
    {
        if (Files.Count == 0)
            return KubernetesClientConfiguration.InClusterConfig();
        var existing = Files.Where(File.Exists).ToList();
        if (existing.Count == 0)
        {
            throw new KubeConfigException(
                $"{string.Join(Path.PathSeparator, Files)} does not exist: set kubernetes.kubeconfig (KUBECONFIG)"
            );
        }

        return KubernetesClientConfiguration.BuildConfigFromConfigObject(
            existing.Select(Load).Aggregate(Merge),
            options.Context
        );
    }

    /// <summary>What a tool with an empty environment needs to reach the host.</summary>
    public ToolKubeconfig ForTools() =>
        Files.Count > 0
            ? new ToolKubeconfig(string.Join(Path.PathSeparator, Files), null, options.Context)
            : new ToolKubeconfig(null, InClusterKubeconfig(KubernetesClientConfiguration.InClusterConfig().Host), null);

    // The token is named, not copied: it is renewed in its file while a tool runs.
    internal static string InClusterKubeconfig(string server) =>
        $"""
            apiVersion: v1
            kind: Config
            current-context: host
            contexts:
              - name: host
                context: {"{"}cluster: host, user: manager{"}"}
            clusters:
              - name: host
                cluster:
                  server: "{server.TrimEnd('/')}"
                  certificate-authority: {ServiceAccount}ca.crt
            users:
              - name: manager
                user:
                  tokenFile: {ServiceAccount}token

            """;

    private static K8SConfiguration Load(string file)
    {
        var config = Parse(file);
        // Relative to the file that names them, which is forgotten when files are merged.
        var folder = Path.GetDirectoryName(file)!;
        foreach (var cluster in (config.Clusters ?? []).Select(c => c.ClusterEndpoint).Where(c => c is not null))
            cluster.CertificateAuthority = Absolute(folder, cluster.CertificateAuthority);
        foreach (var user in (config.Users ?? []).Select(u => u.UserCredentials).Where(u => u is not null))
        {
            user.ClientCertificate = Absolute(folder, user.ClientCertificate);
            user.ClientKey = Absolute(folder, user.ClientKey);
        }

        return config;
    }

    private static K8SConfiguration Parse(string file)
    {
        try
        {
            using var text = File.OpenText(file);
            return KubeconfigText.ParseOrNull(text) ?? throw new KubeConfigException($"{file} is empty");
        }
        catch (YamlException e)
        {
            throw new KubeConfigException($"{file} is not a kubeconfig: {e.Message}", e);
        }
    }

    private static string? Absolute(string folder, string? path) =>
        string.IsNullOrEmpty(path) ? path : Path.GetFullPath(path, folder);

    // What is named first wins, as with kubectl.
    private static K8SConfiguration Merge(K8SConfiguration first, K8SConfiguration second)
    {
        first.CurrentContext = string.IsNullOrEmpty(first.CurrentContext)
            ? second.CurrentContext
            : first.CurrentContext;
        first.Clusters = [.. (first.Clusters ?? []).Concat(second.Clusters ?? []).DistinctBy(c => c.Name)];
        first.Users = [.. (first.Users ?? []).Concat(second.Users ?? []).DistinctBy(u => u.Name)];
        first.Contexts = [.. (first.Contexts ?? []).Concat(second.Contexts ?? []).DistinctBy(c => c.Name)];
        return first;
    }

    private static IReadOnlyList<string> FilesOf(KubernetesOptions options)
    {
        if (options.Kubeconfig is { } configured)
            return
            [
                .. configured.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFullPath),
            ];
        return KubernetesClientConfiguration.IsInCluster()
            ? []
            : [KubernetesClientConfiguration.KubeConfigDefaultLocation];
    }
}

/// <summary>How a tool gets to the host: by files that are there, or by one to be written into its folder.</summary>
/// <param name="Files">The value of KUBECONFIG; <see langword="null"/>: write <paramref name="Content"/>.</param>
/// <param name="Context">To be named on the command line; <see langword="null"/>: the current one.</param>
internal sealed record ToolKubeconfig(string? Files, string? Content, string? Context);
