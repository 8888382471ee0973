using System.Threading.Channels;

namespace VClusterManager.Server.Storage;

/// <summary>
/// Takes lines as they come, from any thread and without waiting, and appends them a few times a second. The log is a
/// help, not a fact that work depends on: a database that is away delays it, and in the end loses lines, never the work.
/// </summary>
internal sealed partial class OperationLogWriter : IAsyncDisposable
{
    private const int MaxBatch = 500;
    private const int MaxWaiting = OperationLog.MaxLines;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<LogLine> _lines = Channel.CreateBounded<LogLine>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly CancellationTokenSource _closing = new();
    private readonly OperationLog _log;
    private readonly Guid _operationId;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _pump;
    private bool _failing;

    internal OperationLogWriter(OperationLog log, Guid operationId, TimeProvider time, ILogger logger)
    {
        _log = log;
        _operationId = operationId;
        _time = time;
        _logger = logger;
        _pump = Task.Run(PumpAsync);
    }

    /// <param name="stream"><c>manager</c>, <c>stdout</c> or <c>stderr</c>.</param>
    public void Write(string stream, string text) =>
        _lines.Writer.TryWrite(new LogLine(_time.GetUtcNow(), stream, text));

    public async ValueTask DisposeAsync()
    {
        if (_lines.Writer.TryComplete())
        {
            await _closing.CancelAsync();
            await _pump;
            _closing.Dispose();
        }
    }

    private async Task PumpAsync()
    {
        var batch = new List<LogLine>();
        while (batch.Count > 0 || await _lines.Reader.WaitToReadAsync())
        {
            // Lines come in bursts: a moment's wait makes one transaction of many. None when closing.
            await Task.Delay(Pause, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (batch.Count < MaxBatch && _lines.Reader.TryRead(out var line))
            {
                batch.Add(line);
            }

            if (!await TryAppendAsync(batch) && _closing.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // What could not be appended stays in the batch for the next turn; said once, not four times a second.
    private async Task<bool> TryAppendAsync(List<LogLine> batch)
    {
        try
        {
            await _log.AppendAsync(_operationId, batch, CancellationToken.None);
            batch.Clear();
            _failing = false;
            return true;
        }
        catch (Exception e)
        {
            if (!_failing)
            {
                Log.NotAppended(_logger, e, _operationId, batch.Count);
            }

            _failing = true;
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Could not append {Count} lines to the log of operation {OperationId}"
        )]
        public static partial void NotAppended(ILogger logger, Exception cause, Guid operationId, int count);
    }
}
