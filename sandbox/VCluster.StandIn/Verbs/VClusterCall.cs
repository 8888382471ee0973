using VCluster.StandIn.CommandLine;
using VCluster.StandIn.Finding;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Terminal;

namespace VCluster.StandIn.Verbs;

/// <summary>Why a verb ends without having done its work; the message is printed behind "fatal".</summary>
internal sealed class VerbException(string message) : Exception(message);

/// <summary>One call of the CLI: what it was told, where it writes, and which kubeconfig it goes by.</summary>
internal sealed record VClusterCall(ParsedArguments Arguments, HomeFolder Home, Log Log, TimeProvider Clock)
{
    public const string NotLoggedIn =
        "create management client: not logged in – run 'vcluster platform start' to create a client, or if one already exists, "
        + "log in with 'vcluster platform login [vcluster-pro-url]' or 'vcluster platform login --access-key <key>'";

    private readonly Lazy<KubeConfigFile> _kubeConfig = new(() => KubeConfigFile.Load(Home.Path));

    public KubeConfigFile KubeConfig => _kubeConfig.Value;

    public string Name => Arguments.Names[0];

    public string Namespace => Arguments.Text("namespace");

    public string Context => Arguments.Text("context") is { Length: > 0 } given ? given : KubeConfig.CurrentContext;

    public ClusterFinder Finder(Log? log = null) => new(KubeConfig, log ?? Log);
}
