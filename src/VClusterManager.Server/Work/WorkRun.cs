namespace VClusterManager.Server.Work;

/// <summary>One claimed item on its way through its handler, and the reason why it should stop, once there is one.</summary>
internal sealed class WorkRun : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _leaseEnd;
    private WorkInterruption _interruption;
    private bool _ended;

    /// <param name="safe">How long the claim is surely ours; <see cref="Extend"/> says so anew.</param>
    public WorkRun(WorkClaim claim, TimeSpan safe, TimeProvider time)
    {
        Claim = claim;
        _leaseEnd = new CancellationTokenSource(NotNegative(safe), time);
        _leaseEnd.Token.Register(() => Interrupt(WorkInterruption.ClaimLost));
    }

    public WorkClaim Claim { get; }

    public WorkKey Key => WorkKey.Of(Claim);

    public CancellationToken Stop => _stop.Token;

    /// <summary>The whole run, with its completion. Never fails.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    public WorkInterruption Interruption
    {
        get
        {
            lock (_gate)
            {
                return _interruption;
            }
        }
    }

    /// <summary>Asks the handler to stop. The first reason stays, but a lost claim outweighs every other.</summary>
    public void Interrupt(WorkInterruption reason)
    {
        lock (_gate)
        {
            if (_ended || (_interruption != WorkInterruption.None && reason != WorkInterruption.ClaimLost))
            {
                return;
            }

            _interruption = reason;
            // Not on this thread: what the handler hung on its token may take a while.
            _ = _stop.CancelAsync();
        }
    }

    /// <summary>The claim was renewed: it is surely ours for this much longer.</summary>
    public void Extend(TimeSpan safe)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _leaseEnd.CancelAfter(NotNegative(safe));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
        }

        // The other source holds nothing, and what the handler left behind may still look at its token.
        _leaseEnd.Dispose();
    }

    private static TimeSpan NotNegative(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span;
}
