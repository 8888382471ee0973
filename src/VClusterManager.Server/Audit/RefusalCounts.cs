using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Audit;

/// <summary>
/// Refusals, and reads, that are counted. The story: the first of a caller with a status opens a minute, and is to be stored at once;
/// what follows in that minute is only counted, and the count is to be stored when the minute is over. Of more sources
/// than are told apart, all others are one. So a flood costs a few rows a minute, from however many addresses it comes.
/// </summary>
internal sealed class RefusalCounts
{
    /// <summary>Told apart in a minute.</summary>
    public const int MaxSources = 500;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Stands for the action where there were several.</summary>
    public const string Several = "several";

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Counted> _open = [];

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _open.Count == 0;
            }
        }
    }

    /// <param name="source">What is told apart: a principal or an address.</param>
    /// <returns>The row, if it is the first of its kind: it is to be told, and stored soon.</returns>
    public AuditRow? Add(string source, AuditRow refused)
    {
        lock (_lock)
        {
            var key = new Key(source, refused.Status);
            if (!_open.ContainsKey(key) && _open.Count >= MaxSources)
            {
                key = new Key("", refused.Status);
                refused = refused with { Principal = null, Source = null, Address = null };
            }
            if (!_open.TryGetValue(key, out var counted))
            {
                _open[key] = new Counted(refused);
                return refused;
            }
            counted.Add(refused);
            return null;
        }
    }

    /// <summary>What is to be stored now: those that were never, and those whose minute is over and which have grown.</summary>
    /// <param name="all">Those whose minute is not over, too.</param>
    public IReadOnlyList<AuditRow> Take(DateTimeOffset now, bool all)
    {
        lock (_lock)
        {
            List<AuditRow> due = [];
            foreach (var (key, counted) in _open)
            {
                var over = all || now - counted.Row.At >= Window;
                if (counted.Stored == 0 || (over && counted.Stored < counted.Row.Count))
                {
                    counted.Stored = counted.Row.Count;
                    due.Add(counted.Row);
                }
                if (over)
                {
                    // Allowed while it is enumerated.
                    _open.Remove(key);
                }
            }
            return due;
        }
    }

    private readonly record struct Key(string Source, int? Status);

    private sealed class Counted(AuditRow first)
    {
        public AuditRow Row { get; private set; } = first;

        /// <summary>The count that was taken to be stored.</summary>
        public int Stored { get; set; }

        /// <summary>What they have in common stays.</summary>
        public void Add(AuditRow next)
        {
            var isSame = next.Target == Row.Target && next.Namespace == Row.Namespace;
            Row = Row with
            {
                Count = Row.Count + 1,
                Action = next.Action == Row.Action ? Row.Action : Several,
                Namespace = isSame ? Row.Namespace : null,
                Target = isSame ? Row.Target : null,
            };
        }
    }
}
