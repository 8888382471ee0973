using System.Text.Json;
using VClusterManager.Contracts;
using VClusterManager.Server.Http.Responses;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Clusters;

/// <summary>
/// Goes once through what the first request of a new process would otherwise wait for: queries are compiled, code is made
/// ready, a connection is opened. Nothing of it is kept, and nothing depends on it.
/// </summary>
internal sealed partial class Rehearsal(
    Database database,
    IntentInserts inserts,
    IntentStore intents,
    ClusterAdmission admission,
    ClusterReads reads,
    TimeProvider time,
    ILogger<Rehearsal> logger
) : BackgroundService
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private const string Body = """{"name":"rehearsal"}""";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        try
        {
            // What is committed afterwards is the same again; the second time shows what the first one left to do.
            await InsertAsync(stoppingToken);
            await InsertAsync(stoppingToken);
            // Nobody is called by an empty name: found to be missing, and nothing is changed.
            await intents.ChangeAsync(
                new ClusterReference("", null),
                ifMatch: null,
                Principal.System,
                "rehearsed",
                _ => null,
                stoppingToken
            );
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, e.Message);
        }
        // The start has used more than it keeps; on its own the collector would come back to it in an hour. Not at once:
        // the first requests come now.
        await Task.Delay(Calm, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stoppingToken.IsCancellationRequested)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private async Task InsertAsync(CancellationToken stopping)
    {
        var asked = JsonSerializer.Deserialize<ClusterCreate>(Body, ApiJson.Options)!;
        var admitted = admission.Admit(asked, Principal.System, ClusterSources.Api, _ => null, time.GetUtcNow());
        if (admitted.Problem is not null)
        {
            return;
        }
        // As of a request: the entry of the audit goes with what it changes.
        new AuditTicket(() => EntryAt(time.GetUtcNow())).Hold();
        var outcome = await inserts.RehearseAsync(admitted.Value, stopping);
        if (outcome.Problem is null && outcome.Value.Accepted is { } accepted)
        {
            JsonSerializer.SerializeToUtf8Bytes(reads.Show(accepted.Cluster), ApiJson.Options);
        }
    }

    private static AuditRow EntryAt(DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            Principal = Principal.System.Name,
            Source = Principal.System.Source,
            Address = null,
            Action = "rehearsal",
            Result = Storage.AuditResult.Accepted,
            RequestId = "",
        };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The first request will be slower: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
