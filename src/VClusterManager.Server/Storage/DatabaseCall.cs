using System.Diagnostics;

namespace VClusterManager.Server.Storage;

/// <summary>One read or change on its way through the database: its figures, and its span in a trace.</summary>
internal sealed class DatabaseCall : IDisposable
{
    private static readonly ActivitySource Source = new("VClusterManager.Storage");

    private readonly string _operation;
    private readonly DatabaseReach _reach;
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly Activity? _span;

    // What did not say how it ended was taken back: refused, given up, or without the claim that it stood on.
    private string _outcome = "rolled_back";

    /// <param name="operation"><c>read</c> or <c>write</c>.</param>
    public DatabaseCall(string operation, DatabaseReach reach)
    {
        _operation = operation;
        _reach = reach;
        _span = Source.StartActivity($"database {operation}");
    }

    /// <summary>The span that called, which is what goes on when a change has been stored.</summary>
    public static Activity? Caller
    {
        get
        {
            var span = Activity.Current;
            while (span is not null && ReferenceEquals(span.Source, Source))
            {
                span = span.Parent;
            }

            return span;
        }
    }

    public void Succeeded()
    {
        _outcome = "ok";
        _reach.Answered();
    }

    public void Unavailable()
    {
        _outcome = "unavailable";
        _reach.Away();
        _span?.SetStatus(ActivityStatusCode.Error, "The database is away.");
    }

    public void Dispose()
    {
        StoreMetrics.Ended(_operation, _outcome, TimeProvider.System.GetElapsedTime(_started));
        _span?.SetTag("vcluster_manager.database.outcome", _outcome);
        _span?.Dispose();
    }
}
