using System.Runtime.CompilerServices;
using System.Threading.Channels;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Tests.Work;

/// <summary>A handler whose runs a test meets one by one, and ends as it likes.</summary>
internal sealed class TestHandler(string kind) : IWorkHandler
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Channel<Run> _runs = Channel.CreateUnbounded<Run>();

    public string Kind { get; } = kind;

    public async Task<WorkOutcome> HandleAsync(WorkContext context)
    {
        var run = new Run(context);
        await _runs.Writer.WriteAsync(run);
        return await run.Outcome.Task;
    }

    public Task<Run> NextAsync() => _runs.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    /// <summary>The runs as they come, until that is cancelled.</summary>
    public async IAsyncEnumerable<Run> AllAsync([EnumeratorCancellation] CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await Task.WhenAny(_runs.Reader.WaitToReadAsync(enough).AsTask());
            while (_runs.Reader.TryRead(out var run))
            {
                yield return run;
            }
        }
    }

    public bool HasNone => _runs.Reader.Count == 0;

    internal sealed class Run(WorkContext context)
    {
        public WorkContext Context { get; } = context;

        public TaskCompletionSource<WorkOutcome> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End(WorkOutcome outcome) => Outcome.SetResult(outcome);

        public void Fail(Exception exception) => Outcome.SetException(exception);

        /// <summary>Waits until the run is asked to stop, and says why.</summary>
        public async Task<WorkInterruption> StopAsync()
        {
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = Context.Stop.Register(stopped.SetResult);
            await stopped.Task.WaitAsync(Limit);
            return Context.Interruption;
        }
    }
}
