using System.Text.RegularExpressions;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>The account that servers work with on the host: made from the manifests, as an operator makes it.</summary>
internal static partial class ManagerAccount
{
    public const string User = "system:serviceaccount:vcluster-manager:vcluster-manager";

    private const string Name = "vcluster-manager";

    private static string Manifests => Path.Combine(AppContext.BaseDirectory, "k8s");

    /// <param name="admin">The host's kubeconfig.</param>
    /// <returns>One with a token of the account in the place of the administrator's certificate.</returns>
    public static async Task<string> MakeAsync(Kubectl host, string admin)
    {
        await host.RunAsync("apply", "--filename", Manifests);
        var token = await host.RunAsync("create", "token", Name, "--namespace", Name, "--duration", "24h");
        var text = await File.ReadAllTextAsync(admin);
        var file = Path.Combine(Path.GetDirectoryName(admin)!, $"{Name}.kubeconfig");
        await File.WriteAllTextAsync(file, Certificate().Replace(text, $"token: {token.Trim()}"));
        return file;
    }

    [GeneratedRegex(@"client-certificate-data: \S+\s+client-key-data: \S+", RegexOptions.None, 1000)]
    private static partial Regex Certificate();
}
