using System.Globalization;
using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Api;

/// <summary>
/// A watch: what is there (when asked from nothing or from 0), then every change, until the client goes or the time it
/// gave is over. With bookmarks the client learns how far the stream has come: once after the initial objects, every
/// minute, and shortly before the end.
/// </summary>
internal sealed class ResourceWatch
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LastBookmark = TimeSpan.FromSeconds(2);

    private readonly ResourceRequest _request;
    private readonly ListRequest _selection;
    private readonly WatchWriter _writer;
    private readonly long? _from;
    private readonly bool _bookmarks;
    private readonly TimeSpan _timeout;
    private readonly DateTimeOffset _ends;
    private bool _silent;

    private ResourceWatch(ResourceRequest request)
    {
        _request = request;
        _selection = ListRequest.Parse(request.Query, request.Resource);
        _writer = new WatchWriter(request);
        _from = VersionAskedFor(request);
        _bookmarks = request.Query["allowWatchBookmarks"] == "true";
        _timeout = TimeoutOf(request);
        _ends = request.Cluster.Time.GetUtcNow() + _timeout;
    }

    private ObjectStore Store => _request.Cluster.Store;

    private bool SendsInitialEvents => _request.Query["sendInitialEvents"] == "true";

    public static Task RunAsync(ResourceRequest request) => new ResourceWatch(request).RunAsync();

    private async Task RunAsync()
    {
        using var timeout = new CancellationTokenSource(_timeout, _request.Cluster.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            _request.Http.RequestAborted,
            _request.Cluster.Stopping,
            timeout.Token
        );
        try
        {
            await _writer.StartAsync(ending.Token);
            using var subscription = await BeginAsync(ending.Token);
            if (subscription is not null)
            {
                await FollowAsync(subscription, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client is gone, its time is over, or the cluster stops: a watch has no other end.
        }
    }

    private static TimeSpan TimeoutOf(ResourceRequest request) =>
        long.TryParse(request.Query["timeoutSeconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : DefaultTimeout;

    /// <summary>The version to go on from; null to begin with what is there.</summary>
    private static long? VersionAskedFor(ResourceRequest request)
    {
        var asked = request.Query["resourceVersion"].ToString();
        if (asked is "" or "0")
        {
            return null;
        }

        return long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw Refusals.BadRequest(
                $"resourceVersion: Invalid value: \"{asked}\": strconv.ParseUint: parsing \"{asked}\": invalid syntax"
            );
    }

    /// <summary>Sends what is there, if that was asked for; null when the asked version is forgotten.</summary>
    private async Task<Subscription?> BeginAsync(CancellationToken cancel)
    {
        if (_from is not { } version || SendsInitialEvents)
        {
            var (snapshot, fresh) = Store.WatchFromNow(_request.Storage, _request.Scope);
            await SendInitialAsync(snapshot, cancel);
            return fresh;
        }

        if (Store.WatchFrom(_request.Storage, _request.Scope, version) is { } resumed)
        {
            return resumed;
        }

        var tooOld = Refusals.Expired($"too old resource version: {version} ({Store.Version})");
        await _writer.SendAsync("ERROR", tooOld.ToJson(), cancel);
        await _writer.FlushAsync(cancel);
        return null;
    }

    private async Task SendInitialAsync(Snapshot snapshot, CancellationToken cancel)
    {
        foreach (var stored in snapshot.Objects.Where(_selection.Selects))
        {
            await _writer.SendAsync("ADDED", stored, cancel);
        }

        if (_bookmarks && (_request.Query["resourceVersion"].ToString().Length == 0 || SendsInitialEvents))
        {
            await _writer.SendBookmarkAsync(snapshot.Version, endOfInitial: true, cancel);
        }

        await _writer.FlushAsync(cancel);
    }

    private async Task FollowAsync(Subscription subscription, CancellationToken cancel)
    {
        var bookmark = NextBookmark(cancel);
        var ready = subscription.Changes.WaitToReadAsync(cancel).AsTask();
        while (true)
        {
            if (await Task.WhenAny(ready, bookmark) == bookmark)
            {
                await bookmark;
                if (!IsSilent())
                {
                    await _writer.SendBookmarkAsync(Store.Version, endOfInitial: false, cancel);
                }

                bookmark = NextBookmark(cancel);
            }
            else if (!await ready)
            {
                return;
            }
            else
            {
                await SendChangesAsync(subscription, cancel);
                ready = subscription.Changes.WaitToReadAsync(cancel).AsTask();
            }

            await _writer.FlushAsync(cancel);
        }
    }

    /// <summary>Ends when the next bookmark is due: in a minute, or shortly before the end.</summary>
    private Task NextBookmark(CancellationToken cancel)
    {
        var time = _request.Cluster.Time;
        var beforeEnd = _ends - LastBookmark - time.GetUtcNow();
        var delay =
            !_bookmarks || beforeEnd <= TimeSpan.Zero ? Timeout.InfiniteTimeSpan
            : beforeEnd < BookmarkInterval ? beforeEnd
            : BookmarkInterval;
        return Task.Delay(delay, time, cancel);
    }

    private async Task SendChangesAsync(Subscription subscription, CancellationToken cancel)
    {
        while (subscription.Changes.TryRead(out var change))
        {
            if (!IsSilent() && TypeFor(change) is { } type)
            {
                await _writer.SendAsync(type, change.Object, cancel);
            }
        }
    }

    /// <summary>As with a connection that died unnoticed: a watch that fell silent stays so.</summary>
    private bool IsSilent() => _silent |= _request.Cluster.FindFault(FaultNames.SilentWatch) is not null;

    /// <summary>A change that brings an object into or out of the selection looks like its birth or its end.</summary>
    private string? TypeFor(Change change)
    {
        var before = change.Previous is { } previous && _selection.Selects(previous);
        var after = change.Kind != ChangeKind.Deleted && _selection.Selects(change.Object);
        return (before, after) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
    }
}
