namespace VClusterManager.Server.Storage;

/// <summary>
/// The audit's entry of a request that is going on: it is committed together with the first change that the request
/// commits, so that no crash leaves a change without it. What was answered is added to it later.
/// </summary>
/// <param name="describe">The entry as far as it is known by then.</param>
internal sealed class AuditTicket(Func<AuditRow> describe)
{
    private static readonly AsyncLocal<AuditTicket?> s_current = new();
    private readonly Func<AuditRow> _describe = describe;

    /// <summary>A change was committed, and the entry with it.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>The request has been answered: what still runs on its behalf is not its change.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Holds for all that the calling method awaits, and ends with it.</summary>
    public void Hold() => s_current.Value = this;

    /// <summary>Adds the entry of the request that is going on, if there is one, to what a change is about to save.</summary>
    /// <returns>To be told of the commit; <see langword="null"/>: nothing was added.</returns>
    public static AuditTicket? AddTo(Store store)
    {
        if (s_current.Value is not { IsCommitted: false, IsClosed: false } ticket || !store.ChangeTracker.HasChanges())
        {
            return null;
        }
        store.Audit.Add(ticket._describe());
        return ticket;
    }

    public void Committed() => IsCommitted = true;
}
