using VClusterManager.Client;
using VClusterManager.Contracts;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>What end-to-end tests have in common: when one fails, what the programs said is told with it.</summary>
public abstract class EndToEndTest(HostFixture fixture) : IAsyncLifetime
{
    protected static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    protected HostFixture Fixture { get; } = fixture;

    protected HostControl Control => Fixture.Control;

    protected Kubectl Host => Fixture.Host;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(Fixture.Output);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a cluster and waits until it is there.</summary>
    protected static async Task<ClusterPlace> RunningAsync(ServerProcess server, string name)
    {
        var cluster = await server.Api.CreateAsync(new ClusterCreate { Name = name }, Wait);
        return cluster.Status == ClusterStatus.Running
            ? new ClusterPlace(name)
            : throw new InvalidOperationException($"{name} is {cluster.Status}: {cluster.Message}");
    }

    protected static Task<Cluster> SeesAsync(
        ServerProcess server,
        ClusterPlace cluster,
        string what,
        Func<Cluster, bool> holds,
        TimeSpan? within = null
    ) => Eventually.SeesAsync(what, () => server.Api.GetAsync(cluster.Name, cluster.Namespace), holds, within);

    protected static Task<Cluster> BecomesAsync(ServerProcess server, ClusterPlace cluster, ClusterStatus status) =>
        SeesAsync(server, cluster, $"{cluster.Name} is {status}", seen => seen.Status == status);

    /// <summary>Waits until an operation has ended.</summary>
    protected static Task<Operation> EndsAsync(ServerProcess server, string operation) =>
        Eventually.SeesAsync(
            "the operation ends",
            () => server.Api.OperationAsync(operation),
            seen => seen.State is not (OperationState.Queued or OperationState.Running)
        );

    /// <summary>Waits until the cluster has been deleted.</summary>
    protected static Task IsGoneAsync(ServerProcess server, ClusterPlace cluster) =>
        Eventually.SeesAsync(
            $"{cluster.Name} is gone",
            async () =>
            {
                try
                {
                    var seen = await server.Api.GetAsync(cluster.Name, cluster.Namespace);
                    return $"{seen.Status}: {seen.Message}";
                }
                catch (ProblemException problem)
                {
                    return problem.StatusCode.ToString();
                }
            },
            seen => seen == "NotFound"
        );
}

/// <summary>Tests that share one server on one host.</summary>
public abstract class ServerTest(ServerFixture fixture) : EndToEndTest(fixture)
{
    protected ServerProcess Server { get; } = fixture.Server;
}
