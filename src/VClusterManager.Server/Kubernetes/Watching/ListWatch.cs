using System.Net;
using System.Text.Json;

namespace VClusterManager.Server.Kubernetes.Watching;

/// <summary>Keeps a copy of a collection on the host.</summary>
/// <remarks>
/// <para>First it lists, page by page, and puts the whole list in the place of what it had. Then it watches from the
/// version of the list on. A watch ends often and for good reasons (the server's own time limit, a rolling update, a
/// load balancer); then it watches again from the last version that it has seen, and has missed nothing.</para>
/// <para>It lists again when a watch cannot go on: the version is too old (410, as an answer or as an event), the host
/// refuses, a line cannot be understood; and every <see cref="Relist"/> in any case, since after a restore of the host
/// from a backup versions begin again lower, and a watch from the future is silent for ever.</para>
/// <para>It waits between two tries, longer each time, and is quick again as soon as a watch has brought something or
/// stood for a while. A failure removes nothing: only a complete list or a DELETED event does.</para>
/// </remarks>
internal sealed partial class ListWatch<T>(
    HostApi api,
    WatchSource<T> source,
    WatchHealth health,
    WatchStream stream,
    TimeProvider time,
    ILogger logger
)
    where T : class
{
    private readonly Dictionary<NamespacedName, Entry> _known = [];
    private readonly Backoff _backoff = new();

    // Empty: list first.
    private string _version = "";
    private long _listedAt;

    internal static TimeSpan Relist => TimeSpan.FromMinutes(30);

    /// <summary>A watch that stood this long was a success, even if nothing happened.</summary>
    internal static TimeSpan Steady => TimeSpan.FromSeconds(5);

    /// <summary>For all pages of a list together.</summary>
    internal static TimeSpan LongestList => TimeSpan.FromSeconds(60);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var pause = await TurnAsync(cancellation);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Lists if need be, watches until the watch ends, and says how long to wait before the next turn.</summary>
    private async Task<TimeSpan> TurnAsync(CancellationToken cancellation)
    {
        try
        {
            if (_version.Length == 0 || time.GetElapsedTime(_listedAt) > Relist)
                await ListAsync(cancellation);
            return await WatchAsync(cancellation) ? TimeSpan.Zero : _backoff.Next();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (HostException e) when (e.Status == HttpStatusCode.Gone && _version.Length > 0)
        {
            // Not a failure: so much has happened while no watch stood that the host no longer tells it one by one.
            Log.TooOld(logger, health.Subject, _version);
            _version = "";
            return _backoff.Next();
        }
        catch (HostException e)
        {
            if (e.IsRefusal)
                _version = "";
            return Failed(e.Message);
        }
        catch (Exception e)
        {
            // Not understood: the host may have meant a change that is now missed.
            _version = "";
            return Failed($"the host's API gave an answer that cannot be read: {e.Message}");
        }
    }

    private async Task ListAsync(CancellationToken cancellation)
    {
        var found = new Dictionary<NamespacedName, Entry>();
        using var limit = new CancellationTokenSource(LongestList, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            _version = await api.ListPagesAsync(source.Query, item => Add(item), either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HostException($"listing took longer than {LongestList.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw HostException.From(e);
        }

        _listedAt = time.GetTimestamp();
        foreach (var gone in _known.Keys.Except(found.Keys).ToList())
            Remove(gone);
        foreach (var (id, entry) in found)
            Put(id, entry);
        health.Listed();
        HostMetrics.Listed(health.Subject);

        void Add(JsonElement item)
        {
            var (id, version) = Identify(item);
            if (source.Project(item) is { } value)
                found[id] = new Entry(version, value);
        }
    }

    /// <returns>Whether it brought something, or stood for a while: then the next may follow at once.</returns>
    private async Task<bool> WatchAsync(CancellationToken cancellation)
    {
        // The server ends it after this time; not all watches at once.
#pragma warning disable CA5394 // Nobody gains by guessing it.
        var seconds = Random.Shared.Next(240, 300);
#pragma warning restore CA5394
        var success = false;
        using var limit = new CancellationTokenSource(stream.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var response = await OpenAsync(seconds, either.Token, cancellation);
        health.Good();
        var opened = time.GetTimestamp();
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        try
        {
            await stream.ReadAsync(body, line => success |= Apply(WatchEvent.Read(line)), cancellation);
        }
        finally
        {
            success |= time.GetElapsedTime(opened) >= Steady;
            if (success)
                _backoff.Reset();
        }

        return success;
    }

    private async Task<HttpResponseMessage> OpenAsync(
        int seconds,
        CancellationToken limited,
        CancellationToken cancellation
    )
    {
        try
        {
            return await api.WatchAsync(source.Query, _version, seconds, limited);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HostException("the host's API did not answer a watch");
        }
    }

    private bool Apply(WatchEvent change)
    {
        if (change.Kind != WatchEventKind.Bookmark)
        {
            var (id, version) = Identify(change.Object);
            var value = change.Kind == WatchEventKind.Present ? source.Project(change.Object) : null;
            if (value is null)
                Remove(id);
            else
                Put(id, new Entry(version, value));
        }

        // Only now: a change that could not be taken in must come again.
        _version = change.Version;
        health.Good();
        return true;
    }

    private void Put(NamespacedName id, Entry entry)
    {
        var before = _known.GetValueOrDefault(id);
        if (before is not null && before.Version == entry.Version)
            return;
        _known[id] = entry;
        source.OnChange(id, before?.Value, entry.Value);
    }

    private void Remove(NamespacedName id)
    {
        if (_known.Remove(id, out var before))
            source.OnChange(id, before.Value, null);
    }

    private TimeSpan Failed(string problem)
    {
        var words = $"watching {health.Subject}: {problem}";
        if (health.Failing is null)
            Log.Failing(logger, words);
        health.Failed(words);
        HostMetrics.Failed(health.Subject);
        return _backoff.Next();
    }

    private static (NamespacedName Id, string Version) Identify(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        var home = metadata.TryGetProperty("namespace", out var named) ? named.GetString() : null;
        var version = metadata.TryGetProperty("resourceVersion", out var text) ? text.GetString() : null;
        return (new NamespacedName(home ?? "", metadata.GetProperty("name").GetString() ?? ""), version ?? "");
    }

    private sealed record Entry(string Version, T Value);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
        public static partial void Failing(ILogger logger, string problem);

        [LoggerMessage(
            Level = LogLevel.Debug,
            Message = "Listing {Subject} again: version {Version} is too old to go on from"
        )]
        public static partial void TooOld(ILogger logger, string subject, string version);
    }
}
