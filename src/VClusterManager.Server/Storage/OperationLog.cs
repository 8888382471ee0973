using Microsoft.EntityFrameworkCore;

namespace VClusterManager.Server.Storage;

/// <param name="Stream"><c>manager</c>, <c>stdout</c> or <c>stderr</c>.</param>
internal readonly record struct LogLine(DateTimeOffset At, string Stream, string Text);

/// <summary>
/// The logs of operations: lines numbered from 1, bounded in length and number. One writer at a time (the holder of the
/// operation's claim); should a lost one still write, numbers are taken anew and lines mix, but none is overwritten.
/// </summary>
internal sealed class OperationLog(StoreFactory stores, TimeProvider time)
{
    /// <summary>Lines kept per operation; what comes after is dropped, and the last line says so.</summary>
    public const int MaxLines = 5_000;

    /// <summary>Characters kept per line.</summary>
    public const int MaxLineLength = 4_000;

    private const int MaxAttempts = 5;

    /// <summary>Collects lines and appends them in batches; dispose it to flush the rest.</summary>
    public OperationLogWriter Open(Guid operationId, ILogger logger) => new(this, operationId, time, logger);

    /// <summary>Appends in a transaction of its own.</summary>
    public async Task AppendAsync(Guid operationId, IReadOnlyList<LogLine> lines, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await stores.TransactAsync(store => AppendAsync(store, operationId, lines, cancellation), cancellation);
                return;
            }
            catch (UniqueViolationException e)
                when (e.Constraint == Constraints.OperationLogSequence && attempt < MaxAttempts)
            {
                // Somebody else took the numbers: read the newest again.
            }
        }
    }

    /// <summary>Appends as part of the caller's transaction.</summary>
    public static async Task AppendAsync(
        Store store,
        Guid operationId,
        IReadOnlyList<LogLine> lines,
        CancellationToken cancellation
    )
    {
        var last = await store
            .OperationLog.Where(row => row.OperationId == operationId)
            .MaxAsync(row => (long?)row.Sequence, cancellation);
        store.OperationLog.AddRange(Number(operationId, last ?? 0, lines));
    }

    /// <summary>The rows for these lines, up to and with the mark that says that the log was cut.</summary>
    internal static IEnumerable<OperationLogRow> Number(Guid operationId, long last, IReadOnlyList<LogLine> lines)
    {
        foreach (var line in lines)
        {
            if (++last > MaxLines)
            {
                yield break;
            }

            yield return new OperationLogRow
            {
                OperationId = operationId,
                Sequence = last,
                At = line.At,
                Stream = last == MaxLines ? "manager" : line.Stream,
                Text = last == MaxLines ? $"The log was cut after {MaxLines - 1} lines." : Bound(line.Text),
            };
        }
    }

    private static string Bound(string text) =>
        StorableText.Clean(text.Length <= MaxLineLength ? text : text[..MaxLineLength] + "… (cut)");
}
