namespace VClusterManager.Server.Kubernetes.Reaching;

/// <summary>The address in a kubeconfig as a virtual cluster writes it. Pure. The rest of the text stays as it is.</summary>
internal static class KubeconfigServer
{
    private const string Key = "server:";

    /// <summary>The first address; <see langword="null"/>: there is none.</summary>
    public static string? Of(string kubeconfig) =>
        kubeconfig
            .Split('\n')
            .Select(line => line.Trim())
            .FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))
            ?[Key.Length..].Trim()
            .Trim('"', '\'');

    /// <summary>The cluster was told no address, and names the one at which it finds itself.</summary>
    public static bool IsOnlyForItself(string kubeconfig) =>
        Uri.TryCreate(Of(kubeconfig), UriKind.Absolute, out var server)
        && server.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    /// <param name="serverName">That the certificate is for, where it is not the address's; <see langword="null"/>: it is.</param>
    public static string Replace(string kubeconfig, string server, string? serverName) =>
        string.Join(
            '\n',
            kubeconfig
                .Split('\n')
                .SelectMany(line =>
                {
                    if (!line.TrimStart().StartsWith(Key, StringComparison.Ordinal))
                    {
                        return [line];
                    }

                    var indent = line[..^line.TrimStart().Length];
                    string[] replaced = [$"{indent}{Key} {server}"];
                    return serverName is null ? replaced : [.. replaced, $"{indent}tls-server-name: {serverName}"];
                })
        );
}
