using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Loop;

/// <summary>
/// Runs the controllers of one cluster, one piece of work at a time. Work that fails because another writer was
/// faster or because an object has gone is looked at again a moment later; any other failure is logged and retried.
/// </summary>
internal sealed partial class ControllerLoop : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly ObjectStore _store;
    private readonly WorkQueue _queue;
    private readonly ILogger _logger;
    private readonly List<IController> _controllers = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<WorkItem, int> _failures = [];

    public ControllerLoop(ObjectStore store, TimeProvider time, ILogger logger)
    {
        _store = store;
        _logger = logger;
        _queue = new WorkQueue(time);
    }

    public void Add(IController controller) => _controllers.Add(controller);

    /// <summary>Begins; everything that is in the store already is looked at too.</summary>
    public void Start()
    {
        _store.Observe(
            (resource, change) =>
            {
                foreach (var controller in _controllers)
                {
                    controller.Observe(resource, change, _queue);
                }
            }
        );
        _ = RunAsync(_stopping.Token);
    }

    /// <summary>Looks at everything again, as after a fault was switched on or off.</summary>
    public void LookAgain() =>
        _store.Visit(
            (resource, change) =>
            {
                foreach (var controller in _controllers)
                {
                    controller.Observe(resource, change, _queue);
                }
            }
        );

    public void Dispose()
    {
        _stopping.Cancel();
        _queue.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                Run(await _queue.TakeAsync(cancel));
            }
        }
        catch (OperationCanceledException)
        {
            // The cluster goes down.
        }
    }

    private void Run(WorkItem item)
    {
        try
        {
            item.Controller.Reconcile(item.Namespace, item.Name, _queue);
            _failures.Remove(item);
        }
        catch (StatusException refusal)
        {
            Log.Refused(_logger, item.Controller.GetType().Name, item.Namespace, item.Name, refusal.Message);
            Retry(item);
        }
#pragma warning disable CA1031 // A bug in one controller must not stop the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Failed(_logger, exception, item.Controller.GetType().Name, item.Namespace, item.Name);
            Retry(item);
        }
    }

    /// <summary>Later and later, as often as it fails.</summary>
    private void Retry(WorkItem item)
    {
        var failures = _failures[item] = _failures.GetValueOrDefault(item) + 1;
        var delay = FirstRetry * Math.Pow(2, Math.Min(failures, 10) - 1);
        _queue.AddAfter(item, delay < LongestRetry ? delay : LongestRetry);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{Controller} was refused for {Namespace}/{Name}: {Message}")]
        public static partial void Refused(
            ILogger logger,
            string controller,
            string @namespace,
            string name,
            string message
        );

        [LoggerMessage(LogLevel.Error, "{Controller} failed for {Namespace}/{Name}")]
        public static partial void Failed(
            ILogger logger,
            Exception exception,
            string controller,
            string @namespace,
            string name
        );
    }
}
