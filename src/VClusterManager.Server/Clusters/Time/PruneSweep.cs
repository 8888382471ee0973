using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters.Time;

/// <summary>
/// Runs the pruner once every interval, whichever server does it: it is one work item. While nothing may be taken away (a
/// host that was not read yet, since the server has just begun) it waits for a moment and not for an interval.
/// </summary>
/// <remarks>
/// That it begins is written down before anything is spent. One that was cut short, by a kill or a restart, has spent its
/// budget, who knows how much of it: the next one comes an interval later, however often servers start.
/// </remarks>
internal sealed class PruneSweep(
    Pruner pruner,
    PruneGuard guard,
    ClockAim aim,
    StoreFactory stores,
    ManagerOptions options,
    TimeProvider time
) : IWorkHandler
{
    public const string Key = "sweep";

    /// <summary>Until it is asked again whether anything may be taken away.</summary>
    internal static readonly TimeSpan Unsure = TimeSpan.FromSeconds(30);

    private const string Begun = "prune_sweep_begun";

    public string Kind => WorkKinds.Prune;

    public WorkLane Lane => WorkLane.Brief;

    public async Task<WorkOutcome> HandleAsync(WorkContext context)
    {
        var expiry = options.VCluster.Expiry;
        var next = expiry.SweepInterval;
        if (expiry.Enabled)
        {
            if (guard.Look().WhyNot is not null)
            {
                return WorkOutcome.Again(Unsure);
            }

            if (await BeginAsync(expiry.SweepInterval, context.Stop) is { } early)
            {
                next = early;
            }
            else
            {
                await pruner.RunAsync(expiry.Budget, dryRun: false, context.Stop);
            }
        }

        await aim.RunAsync(context.Stop);
        return WorkOutcome.Again(next);
    }

    /// <summary><see langword="null"/>: it has begun. Otherwise how much too early it is.</summary>
    private Task<TimeSpan?> BeginAsync(TimeSpan interval, CancellationToken cancellation) =>
        stores.TransactAsync<TimeSpan?>(
            async store =>
            {
                var now = time.GetUtcNow();
                var begun = await store.Settings.SingleOrDefaultAsync(row => row.Name == Begun, cancellation);
                if (begun is not null)
                {
                    var left = interval - (now - DateTimeOffset.Parse(begun.Value, CultureInfo.InvariantCulture));
                    // A time that is still to come was told by a clock that went wrong.
                    if (left > TimeSpan.Zero && left <= interval)
                    {
                        return left;
                    }
                }
                else
                {
                    begun = new SettingRow { Name = Begun, Value = "" };
                    store.Settings.Add(begun);
                }
                begun.Value = now.ToString("O", CultureInfo.InvariantCulture);
                return null;
            },
            cancellation
        );
}
