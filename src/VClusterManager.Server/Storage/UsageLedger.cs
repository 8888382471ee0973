using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace VClusterManager.Server.Storage;

/// <summary>
/// Keeps the spans of usage in step with the phases of clusters, in the transaction that changes them: whoever moves a
/// cluster, the books are right.
/// </summary>
internal static class UsageLedger
{
    /// <summary>Closes and opens spans for all clusters whose phase is about to be saved.</summary>
    public static async Task FollowAsync(
        this DbSet<UsageSpanRow> spans,
        ChangeTracker tracker,
        CancellationToken cancellation
    )
    {
        var moved = tracker
            .Entries<ClusterRow>()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified)
            .Select(entry => (entry.Entity, Before: Before(entry), After: KindOf(entry.Entity.Phase)))
            .Where(change => change.Before != change.After)
            .ToList();
        foreach (var (row, before, after) in moved)
        {
            if (before is not null)
            {
                await CloseAsync(spans, row, cancellation);
            }
            else if (tracker.Context.Entry(row).State == EntityState.Modified)
            {
                await SpareNoMoreAsync(spans, row, cancellation);
            }

            if (after is { } kind)
            {
                spans.Add(Span(row, kind, row.UpdatedAt, ended: null));
            }
            else if (row is { DeletedAt: { } gone, ExpiresAt: { } end, Protected: false } && end > gone)
            {
                spans.Add(Span(row, UsageKind.Spared, gone, end));
            }
        }
    }

    /// <summary><see langword="null"/>: it costs nothing.</summary>
    public static UsageKind? KindOf(ClusterPhase phase) =>
        phase switch
        {
            ClusterPhase.Pending or ClusterPhase.Deleted => null,
            ClusterPhase.Sleeping => UsageKind.Slept,
            _ => UsageKind.Run,
        };

    private static UsageKind? Before(EntityEntry<ClusterRow> entry) =>
        entry.State == EntityState.Added ? null : KindOf(entry.Property(row => row.Phase).OriginalValue);

    private static async Task CloseAsync(DbSet<UsageSpanRow> spans, ClusterRow row, CancellationToken cancellation)
    {
        var open = await spans
            .Where(span => span.ClusterId == row.Id && span.EndedAt == null)
            .ToListAsync(cancellation);
        foreach (var span in open)
        {
            // A clock that went back makes no span of less than nothing.
            span.EndedAt = row.UpdatedAt < span.StartedAt ? span.StartedAt : row.UpdatedAt;
        }
    }

    /// <summary>One that was deleted and came back spares nothing from then on.</summary>
    private static async Task SpareNoMoreAsync(
        DbSet<UsageSpanRow> spans,
        ClusterRow row,
        CancellationToken cancellation
    )
    {
        var spared = await spans
            .Where(s => s.ClusterId == row.Id && s.Kind == UsageKind.Spared && s.EndedAt > row.UpdatedAt)
            .ToListAsync(cancellation);
        spared.ForEach(s => s.EndedAt = row.UpdatedAt < s.StartedAt ? s.StartedAt : row.UpdatedAt);
    }

    private static UsageSpanRow Span(ClusterRow row, UsageKind kind, DateTimeOffset started, DateTimeOffset? ended) =>
        new()
        {
            Id = Guid.CreateVersion7(started),
            ClusterId = row.Id,
            Name = row.Name,
            Namespace = row.Namespace,
            CreatedBy = row.CreatedBy,
            Owner = row.Owner,
            Source = row.Source,
            Kind = kind,
            StartedAt = started,
            EndedAt = ended,
        };
}
