using System.Collections.Frozen;

namespace VClusterManager.Server.Work;

/// <summary>
/// The runs that are going on in this server: starts them, keeps their claims alive, tells them to stop, and ends them.
/// </summary>
/// <remarks>
/// A claim is surely ours from the moment before it was asked for until its lease ends, less a margin. Each renewal moves
/// that end; when renewals fail for too long the run is told that its claim is lost, <em>before</em> another server may
/// take it. A run that does not listen is not waited for by others, and what it saves is refused.
/// </remarks>
internal sealed partial class RunningWork(
    WorkQueue queue,
    FrozenDictionary<string, IWorkHandler> handlers,
    WriteAccess access,
    WorkSettings settings,
    TimeProvider time,
    ILogger logger
)
{
    private readonly Lock _gate = new();
    private readonly List<WorkRun> _runs = [];
    private bool _renewalsFail;

    /// <summary>How many of these kinds are going on.</summary>
    public int CountOf(IReadOnlyCollection<string> kinds)
    {
        lock (_gate)
        {
            return _runs.Count(run => kinds.Contains(run.Claim.Kind));
        }
    }

    /// <param name="asked">The clock's timestamp from before the claim was asked for.</param>
    public void Start(WorkClaim claim, long asked)
    {
        WorkMetrics.Taken(claim.Kind);
        var run = new WorkRun(claim, Safe(asked), time);
        lock (_gate)
        {
            // A claim that was lost and won again by this very server: never two runs of one item side by side.
            var previous = _runs.FindLast(other => other.Key == run.Key)?.Ended ?? Task.CompletedTask;
            _runs.Add(run);
            if (!access.IsOpen)
            {
                // It was closed while the claim was on its way.
                run.Interrupt(WorkInterruption.ClaimLost);
            }

            run.Ended = Task.Run(() => RunAsync(run, previous));
        }
    }

    /// <summary>Nothing may be changed any more: all runs end as if their claims were lost, and are begun anew some day.</summary>
    public void LoseAll() => Snapshot().ForEach(run => run.Interrupt(WorkInterruption.ClaimLost));

    /// <summary>Renews every so often, and at once when one of the runs may have been interrupted.</summary>
    public async Task KeepAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var interrupted = queue.Interrupted.Next;
            await RenewAsync(over);
            await WakeSignal.WaitAsync(interrupted, settings.Renewal, time, over);
        }
    }

    /// <summary>
    /// Lets all come to their end, then tells those that are left to stop, each within bounds. What a tool has begun is
    /// better ended than repaired. Claims of those that do not end run out by themselves.
    /// </summary>
    public async Task DrainAsync()
    {
        var runs = Snapshot();
        var ended = Task.WhenAll(runs.Select(run => run.Ended));
        await WakeSignal.WaitAsync(ended, settings.Drain, time, CancellationToken.None);
        runs.ForEach(run => run.Interrupt(WorkInterruption.Stopping));
        await WakeSignal.WaitAsync(ended, settings.Stop, time, CancellationToken.None);
        if (!ended.IsCompleted)
        {
            Log.NotDrained(logger, Snapshot().Count);
        }
    }

    private async Task RunAsync(WorkRun run, Task previous)
    {
        await previous;
        using (logger.BeginScope(WorkTrace.FieldsOf(run.Claim)))
        {
            await TraceAsync(run);
        }

        lock (_gate)
        {
            _runs.Remove(run);
        }

        run.Dispose();
        queue.Woken.Set();
    }

    private async Task TraceAsync(WorkRun run)
    {
        var began = time.GetTimestamp();
        var ended = "lost";
        using var span = WorkTrace.Begin(run.Claim);
        try
        {
            ended = await FinishAsync(run, await HandleAsync(run));
        }
        catch (Exception e)
        {
            // The claim runs out, and the item is looked at again.
            Log.NotFinished(logger, e, run.Claim.Kind, run.Claim.Key);
        }

        WorkTrace.End(span, ended);
        WorkMetrics.Ran(run.Claim.Kind, ended, time.GetElapsedTime(began));
    }

    // Null: the claim is to be given back as it was.
    private async Task<WorkOutcome?> HandleAsync(WorkRun run)
    {
        var claim = run.Claim;
        if (run.Stop.IsCancellationRequested)
        {
            return null;
        }

        try
        {
            var context = new WorkContext(claim, queue, () => run.Interruption, run.Stop);
            return await handlers[claim.Kind].HandleAsync(context);
        }
        catch (ClaimLostException)
        {
            run.Interrupt(WorkInterruption.ClaimLost);
            return null;
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            // Given back: the item is still due, and the enqueue that interrupted it has made it due in any case.
            return null;
        }
        catch (Exception e)
        {
            Log.Failed(logger, e, claim.Kind, claim.Key, claim.Attempts + 1);
            return WorkOutcome.Backoff;
        }
    }

    /// <summary>Saves what became of a run, and says how it ended.</summary>
    private async Task<string> FinishAsync(WorkRun run, WorkOutcome? outcome)
    {
        var claim = run.Claim;
        var ours =
            run.Interruption != WorkInterruption.ClaimLost
            && await (outcome is { } known ? queue.CompleteAsync(claim, known) : queue.ReleaseAsync(claim));
        if (!ours)
        {
            WorkMetrics.Lost(claim.Kind);
            Log.Lost(logger, claim.Kind, claim.Key, claim.Epoch);
            return "lost";
        }

        return outcome switch
        {
            null => "given_back",
            { Failed: true } => "failed",
            _ => "done",
        };
    }

    private async Task RenewAsync(CancellationToken over)
    {
        var runs = Snapshot();
        try
        {
            if (runs.Count > 0)
            {
                await RenewAsync(runs, over);
            }

            _renewalsFail = false;
            queue.ForgetInterrupts(key =>
                runs.TrueForAll(run => run.Key != key || run.Interruption != WorkInterruption.None)
            );
        }
        catch (Exception e)
        {
            if (!_renewalsFail && !over.IsCancellationRequested)
            {
                Log.NotRenewed(logger, e);
            }

            _renewalsFail = true;
        }
    }

    private async Task RenewAsync(List<WorkRun> runs, CancellationToken over)
    {
        var asked = time.GetTimestamp();
        // A database that hangs must not keep the next try from being made.
        using var limit = new CancellationTokenSource(settings.Renewal, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, over);
        var states = await queue.RenewAsync(runs.ConvertAll(run => run.Claim), either.Token);
        foreach (var run in runs)
        {
            switch (states[run.Claim])
            {
                case ClaimState.Held:
                    run.Extend(Safe(asked));
                    break;
                case ClaimState.Interrupted:
                    run.Extend(Safe(asked));
                    run.Interrupt(WorkInterruption.Interrupted);
                    break;
                case ClaimState.Busy:
                    // Looked at again with the next renewal; the lease ends by itself.
                    break;
                default:
                    run.Interrupt(WorkInterruption.ClaimLost);
                    break;
            }
        }
    }

    private TimeSpan Safe(long asked) => settings.Lease - settings.Margin - time.GetElapsedTime(asked);

    private List<WorkRun> Snapshot()
    {
        lock (_gate)
        {
            return [.. _runs];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Work on {Kind} {Key} failed (attempt {Attempt})")]
        public static partial void Failed(ILogger logger, Exception cause, string kind, string key, int attempt);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The claim on {Kind} {Key} (epoch {Epoch}) was lost")]
        public static partial void Lost(ILogger logger, string kind, string key, long epoch);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Could not save what became of {Kind} {Key}: it will run again"
        )]
        public static partial void NotFinished(ILogger logger, Exception cause, string kind, string key);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not renew the running claims")]
        public static partial void NotRenewed(ILogger logger, Exception cause);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Count} runs did not end in time; their claims will run out"
        )]
        public static partial void NotDrained(ILogger logger, int count);
    }
}
