using System.Text;
using VCluster.StandIn.CommandLine;
using VCluster.StandIn.Kubernetes;

namespace VCluster.StandIn.Helm;

/// <summary>One call of helm: its flags, the API server it speaks to, and its output.</summary>
internal sealed class HelmCall : IDisposable
{
    public const string UserAgent = "Helm/3.17.3";

    private readonly Stream _stdout;

    public HelmCall(ParsedArguments arguments, Stream stdout, TimeProvider clock)
    {
        (Arguments, _stdout, Clock) = (arguments, stdout, clock);
        var file = arguments.Text("kubeconfig") is { Length: > 0 } path
            ? KubeConfigFile.LoadFrom(path)
            : KubeConfigFile.Load(Environment.GetEnvironmentVariable("HOME") ?? "/");
        var context = arguments.Text("kube-context") is { Length: > 0 } given ? given : file.CurrentContext;
        var endpoint = file.IsEmpty
            ? new KubeEndpoint(new Uri("http://localhost:8080/"), "")
            : KubeEndpoint.From(file, context);
        Client = new KubeClient(endpoint, UserAgent);
        Namespace =
            arguments.Text("namespace") is { Length: > 0 } wanted ? wanted
            : endpoint.Namespace is { Length: > 0 } own ? own
            : "default";
        Releases = new ReleaseStore(Client, Namespace, clock);
    }

    public ParsedArguments Arguments { get; }

    public TimeProvider Clock { get; }

    public KubeClient Client { get; }

    public string Namespace { get; }

    public ReleaseStore Releases { get; }

    /// <exception cref="HelmException">The API server does not answer.</exception>
    public async Task ReachAsync()
    {
        try
        {
            await Client.GetAsync("version");
        }
        catch (KubeException exception)
        {
            throw new HelmException("Kubernetes cluster unreachable: " + exception.Message);
        }
    }

    public void Print(string text)
    {
        _stdout.Write(Encoding.UTF8.GetBytes(text));
        _stdout.Flush();
    }

    public void Dispose() => Client.Dispose();
}
