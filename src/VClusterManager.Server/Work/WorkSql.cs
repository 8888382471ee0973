using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Work;

/// <summary>
/// The statements of the work queue, with <c>{n}</c> for their parameters. Both databases run the same ones; they differ
/// in whose clock leases go by (PostgreSQL's own, since several servers share it; ours on SQLite, which serves one), in
/// how claimers step around each other (SQLite lets only one write at a time), and in the notification.
/// </summary>
internal sealed class WorkSql
{
    public const string Channel = "vcluster_manager_work";

    // Ticks (100 ns) since year 1, as the model stores times.
    private const string PostgresClock = "((extract(epoch FROM now()) * 10000000)::bigint + 621355968000000000)";

    // Where a statement needs the lease clock, {1} is ours; PostgreSQL leaves it unused.
    private readonly string _clock;
    private readonly string _stepAround;

    public WorkSql(DatabaseKind kind)
    {
        var postgres = kind == DatabaseKind.Postgres;
        _clock = postgres ? PostgresClock : "{1}";
        _stepAround = postgres ? "FOR UPDATE SKIP LOCKED" : "";
        Enqueue = EnqueueItem + (postgres ? $"; SELECT pg_notify('{Channel}', {{4}})" : "");
        Release = ReleaseItem + (postgres ? $"; SELECT pg_notify('{Channel}', '')" : "");
        Fence = $$"""
            UPDATE work_items SET claim_until = {{_clock}} + {2}
            WHERE claimed_by = {0} AND claim_until > {{_clock}} AND kind = {3} AND key = {4} AND epoch = {5}
            """;
        Held = $$"""
            SELECT * FROM work_items
            WHERE claimed_by = {0} AND claim_until > {{_clock}} AND kind = {2} AND key = {3} AND epoch = {4}
            """;
    }

    /// <summary>
    /// 0 kind, 1 key, 2 due, 3 interrupt (1 or 0), 4 payload of the notification, 5 the span that asks (empty: none).
    /// </summary>
    public string Enqueue { get; }

    /// <summary>
    /// 0 owner, 1 clock, 2 lease, 3 kind, 4 key, 5 epoch. Changes the row when the claim holds (and prolongs it: a save
    /// is a sign of life), and so keeps everybody else from claiming it until the transaction has ended.
    /// </summary>
    public string Fence { get; }

    /// <summary>0 owner, 1 clock, 2 kind, 3 key, 4 epoch. The row while the claim holds.</summary>
    public string Held { get; }

    /// <summary>
    /// 0 owner, 1 now, 2 kind, 3 key, 4 epoch, 5 the revision claimed, 6 due, 7 attempts. What was enqueued during the
    /// run makes the item due at once, whatever the run said. Who asked is forgotten with the look that was taken for them.
    /// </summary>
    public static string Complete { get; } =
        """
            UPDATE work_items SET
                due_at = CASE WHEN revision <> {5} THEN {1} ELSE CAST({6} AS bigint) END,
                attempts = CASE WHEN revision <> {5} THEN attempts ELSE {7} END,
                trace_parent = CASE WHEN revision <> {5} OR {7} > 0 THEN trace_parent ELSE NULL END,
                claimed_by = NULL,
                claim_until = NULL
            WHERE claimed_by = {0} AND kind = {2} AND key = {3} AND epoch = {4}
            """;

    /// <summary>0 owner, 1 kind, 2 key, 3 epoch. The item stays as due as it was, and others are told.</summary>
    public string Release { get; }

    private static string ReleaseItem { get; } =
        """
            UPDATE work_items SET claimed_by = NULL, claim_until = NULL
            WHERE claimed_by = {0} AND kind = {1} AND key = {2} AND epoch = {3}
            """;

    // A due time that was earlier already stays.
    private static string EnqueueItem { get; } =
        """
            INSERT INTO work_items (kind, key, due_at, attempts, revision, interrupt_revision, epoch, trace_parent)
            VALUES ({0}, {1}, {2}, 0, 1, {3}, 0, NULLIF({5}, ''))
            ON CONFLICT (kind, key) DO UPDATE SET
                due_at = CASE WHEN work_items.due_at <= excluded.due_at THEN work_items.due_at ELSE excluded.due_at END,
                attempts = 0,
                revision = work_items.revision + 1,
                interrupt_revision = CASE
                    WHEN excluded.interrupt_revision > 0 THEN work_items.revision + 1
                    ELSE work_items.interrupt_revision
                END,
                trace_parent = COALESCE(excluded.trace_parent, work_items.trace_parent)
            """;

    /// <summary>
    /// 0 owner, 1 clock, 2 now, 3 lease, 4 limit, 5 and on: kinds. A claim that its holder left behind counts as a
    /// failed attempt. The picking is materialized: inlined, it could run more than once and pick more than the limit.
    /// </summary>
    public string Claim(int kinds) =>
        $$"""
            WITH picked AS MATERIALIZED (
                SELECT kind, key FROM work_items
                WHERE due_at <= {2} AND kind IN ({{Places(5, kinds)}})
                    AND (claimed_by IS NULL OR claim_until <= {{_clock}})
                ORDER BY due_at
                LIMIT {4}
                {{_stepAround}}
            )
            UPDATE work_items SET
                attempts = CASE WHEN claimed_by IS NULL THEN attempts ELSE attempts + 1 END,
                claimed_by = {0},
                claim_until = {{_clock}} + {3},
                epoch = epoch + 1
            WHERE (kind, key) IN (SELECT kind, key FROM picked)
            RETURNING *
            """;

    /// <summary>
    /// 0 owner, 1 clock, 2 lease, 3 and on: kind, key, epoch of each claim. One whose row somebody is changing just now is
    /// left out: a change that is held up must not hold up the renewal of all others.
    /// </summary>
    public string Renew(int claims)
    {
        var rows = Enumerable.Range(0, claims).Select(i => $"({Places(3 + (3 * i), 3)})");
        return $$"""
            WITH held AS MATERIALIZED (
                SELECT kind, key FROM work_items
                WHERE claimed_by = {0} AND claim_until > {{_clock}}
                    AND (kind, key, epoch) IN (VALUES {{string.Join(", ", rows)}})
                {{_stepAround}}
            )
            UPDATE work_items SET claim_until = {{_clock}} + {2}
            WHERE (kind, key) IN (SELECT kind, key FROM held)
            RETURNING *
            """;
    }

    private static string Places(int first, int count) =>
        string.Join(", ", Enumerable.Range(first, count).Select(i => $"{{{i}}}"));
}
