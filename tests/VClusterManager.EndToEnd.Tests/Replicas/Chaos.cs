using System.Collections.Concurrent;
using System.Net;
using VClusterManager.Client;
using VClusterManager.Contracts;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Replicas;

/// <summary>What is asked for, and how often servers die meanwhile.</summary>
/// <param name="Name">What the names of its clusters begin with.</param>
internal sealed record ChaosPlan(string Name, int Creates, int Deletes, TimeSpan During, TimeSpan BetweenKills);

/// <summary>
/// Clients that ask for clusters and take some away again, on servers that are killed and started again all the while. The
/// story: asking is spread over the whole time; a client that gets no answer asks another server the same again, as the
/// docs tell it to (with an idempotency key); what was answered with a 2xx is accepted, and must come true.
/// </summary>
internal sealed class Chaos(IReadOnlyList<ServerProcess> servers, ChaosPlan plan, int seed)
{
    private static readonly TimeSpan AskPatience = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(300);

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private int _kills;
    private int _repeated;

    /// <summary>Creates that were accepted.</summary>
    public ConcurrentBag<ClusterPlace> Created { get; } = [];

    /// <summary>Deletes that were accepted.</summary>
    public ConcurrentBag<ClusterPlace> Deleted { get; } = [];

    public int Kills => _kills;

    /// <summary>Requests that had to be sent again, since their server died or could not do them.</summary>
    public int Repeated => _repeated;

    public async Task RunAsync(params IEnumerable<Func<Task>> besides)
    {
        using var over = new CancellationTokenSource(plan.During, TimeProvider.System);
        var killing = KillAsync(over.Token);
        var others = besides.Select(other => other()).ToList();
        await Task.WhenAll(Enumerable.Range(0, plan.Creates).Select(LiveAsync));
        await killing;
        await Task.WhenAll(others);
        foreach (var server in servers)
        {
            await server.KillAsync();
            await server.StartAsync();
        }
    }

    /// <summary>One client: asks for a cluster at its time, and perhaps takes it away again, be it there yet or not.</summary>
    private async Task LiveAsync(int number)
    {
        var place = new ClusterPlace($"{plan.Name}-{number}");
        await PauseAsync(plan.During * (0.85 * number / plan.Creates));
        await AskAsync(api => api.CreateAsync(new ClusterCreate { Name = place.Name }, idempotencyKey: place.Name));
        Created.Add(place);
        if (number % (plan.Creates / plan.Deletes) != 0)
        {
            return;
        }
        await PauseAsync(Random(TimeSpan.FromSeconds(20)));
        await AskAsync(api => api.DeleteAsync(place.Name));
        Deleted.Add(place);
    }

    private async Task AskAsync<T>(Func<VClusterManagerClient, Task<T>> ask)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var server = servers[Next(servers.Count)];
            try
            {
                await ask(server.Api);
                return;
            }
            catch (ProblemException problem) when (problem.StatusCode == HttpStatusCode.NotFound && attempt > 0)
            {
                // The answer before got lost, and the delete has ended since.
                return;
            }
            catch (Exception e) when (MayBeAskedAgain(e) && Elapsed(began) < AskPatience)
            {
                Interlocked.Increment(ref _repeated);
                await PauseAsync(BetweenAsks);
            }
        }
    }

    private static bool MayBeAskedAgain(Exception exception) =>
        exception is HttpRequestException or IOException or TaskCanceledException
        || exception is ProblemException { StatusCode: HttpStatusCode.ServiceUnavailable };

    private async Task KillAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(plan.BetweenKills, TimeProvider.System, over)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var victim = servers[Next(servers.Count)];
            await victim.KillAsync();
            victim.Launch();
            _kills++;
        }
    }

    private static Task PauseAsync(TimeSpan pause) =>
        Task.Delay(pause, TimeProvider.System, TestContext.Current.CancellationToken);

    private static TimeSpan Elapsed(long began) => TimeProvider.System.GetElapsedTime(began);

    private TimeSpan Random(TimeSpan most)
    {
        lock (_gate)
        {
            return most * _random.NextDouble();
        }
    }

    private int Next(int count)
    {
        lock (_gate)
        {
            return _random.Next(count);
        }
    }
}
