using System.Collections.Concurrent;
using System.Collections.Immutable;
using VClusterManager.Server.Kubernetes.Observing;
using VClusterManager.Server.Kubernetes.Watching;

namespace VClusterManager.Server.Kubernetes;

/// <summary>What the watches have shown of the host: reads from memory, never waits.</summary>
internal sealed class HostView
{
    // A namespace holds one virtual cluster at a time; more than a few names are of former ones, or asked for in vain.
    private const int MostNames = 64;

    private readonly OwnedSet<ObservedWorkload> _statefulSets = new();
    private readonly OwnedSet<ObservedWorkload> _deployments = new();
    private readonly OwnedSet<ObservedPod> _pods = new();
    private readonly OwnedSet<ObservedRelease> _releases = new();
    private readonly OwnedSet<KubeconfigSecret> _kubeconfigs = new();
    private readonly OwnedSet<ObservedVolumeClaim> _volumeClaims = new();
    private readonly OwnedSet<ObservedWarning> _warnings = new();
    private readonly ConcurrentDictionary<string, ObservedNamespace> _namespaces = new();

    // Which clusters a change of a namespace concerns: those seen in it, and those asked for.
    private readonly ConcurrentDictionary<string, ImmutableHashSet<NamespacedName>> _names = new();
    private readonly HostFreshnessGauge _gauge = new();
    private long _version;

    public HostView() => _gauge.Changed += () => FreshnessChanged?.Invoke();

    public HostFreshness Freshness => _gauge.Now;

    /// <summary>The host's own version as it last told it, such as <c>v1.35.0</c>; <see langword="null"/>: it never has.</summary>
    public string? HostVersion { get; internal set; }

    /// <summary>What is known of this cluster; all parts missing when nothing is.</summary>
    public ObservedCluster Find(NamespacedName key)
    {
        var home = _namespaces.GetValueOrDefault(key.Namespace);
        if (home is not null)
            Know(key, owns: false);
        var workload = ClusterParts.Workload([.. _statefulSets.Of(key), .. _deployments.Of(key)]);
        return new ObservedCluster
        {
            Key = key,
            Namespace = home,
            Workload = workload,
            Pods = _pods.Of(key),
            Releases = ClusterParts.NewestFirst(_releases.Of(key)),
            KubeconfigVersion = KubeconfigVersionOf(key),
            VolumeClaims = _volumeClaims.Of(key),
            Warnings = ClusterParts.Warnings(key, workload, _warnings.Of(key)),
        };
    }

    /// <summary>The version of the secret <c>vc-NAME</c>; <see langword="null"/>: there is none.</summary>
    public string? KubeconfigVersionOf(NamespacedName key) =>
        _kubeconfigs.Of(key) is [var secret, ..] ? secret.Version : null;

    /// <summary>Every virtual cluster with a workload on the host, ours or not. What is known of them is more dear.</summary>
    public IEnumerable<NamespacedName> Owners => _statefulSets.Owners.Union(_deployments.Owners);

    /// <summary>Those of that name, in whichever namespace.</summary>
    public IEnumerable<NamespacedName> OwnersNamed(string name) =>
        _statefulSets.OwnersNamed(name).Union(_deployments.OwnersNamed(name));

    /// <summary>Grows with every change, after it can be seen: what was made of an older state shows another number.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>What is known of every virtual cluster with a workload on the host.</summary>
    public IReadOnlyList<ObservedCluster> Workloads() => [.. Owners.Select(Find).Where(c => c.Workload is not null)];

    /// <summary>Every namespace of the host.</summary>
    public IReadOnlyList<ObservedNamespace> Namespaces() => [.. _namespaces.Values];

    /// <summary>Every Helm release on the host, of whatever chart, with the workload beside it if it is a virtual cluster's.</summary>
    public IReadOnlyList<ObservedCluster> Releases() =>
        [.. _releases.Owners.Select(Find).Where(c => c.Releases.Count > 0)];

    /// <summary>Something about this cluster may have changed: look again. Raised on a watch's thread; must not block.</summary>
    public event Action<NamespacedName>? Changed;

    /// <summary>The freshness has changed: became stale or fresh.</summary>
    public event Action? FreshnessChanged;

    public Task WaitForSyncAsync(CancellationToken cancellation) => _gauge.Synced.WaitAsync(cancellation);

    internal HostFreshnessGauge Gauge => _gauge;

    internal OwnedSink<ObservedWorkload> StatefulSets => new(this, _statefulSets);

    internal OwnedSink<ObservedWorkload> Deployments => new(this, _deployments);

    internal OwnedSink<ObservedPod> Pods => new(this, _pods);

    internal OwnedSink<ObservedRelease> ReleaseSecrets => new(this, _releases);

    internal OwnedSink<KubeconfigSecret> Kubeconfigs => new(this, _kubeconfigs);

    internal OwnedSink<ObservedVolumeClaim> VolumeClaims => new(this, _volumeClaims);

    internal OwnedSink<ObservedWarning> Warnings => new(this, _warnings);

    /// <summary>The clusters that a change in this namespace may concern.</summary>
    internal ImmutableHashSet<NamespacedName> NamesIn(string @namespace) => _names.GetValueOrDefault(@namespace, []);

    internal void NamespaceChanged(ObservedNamespace? before, ObservedNamespace? after)
    {
        if (after is not null)
            _namespaces[after.Name] = after;
        else if (before is not null)
            _namespaces.TryRemove(before.Name, out _);

        Interlocked.Increment(ref _version);
        var name = (after ?? before)!.Name;
        var concerned = NamesIn(name);
        if (after is null)
            _names.TryRemove(name, out _);
        foreach (var key in concerned)
            Raise(key);
    }

    private void Raise(NamespacedName key) => Changed?.Invoke(key);

    private void Know(NamespacedName key, bool owns)
    {
        var names = NamesIn(key.Namespace);
        if (names.Contains(key) || (!owns && names.Count >= MostNames))
            return;
        _names.AddOrUpdate(
            key.Namespace,
            _ => [key],
            (_, known) => (known.Count < MostNames ? known : [.. known.Where(OwnsSomething)]).Add(key)
        );
    }

    private bool OwnsSomething(NamespacedName key) =>
        !_statefulSets.Of(key).IsEmpty
        || !_deployments.Of(key).IsEmpty
        || !_pods.Of(key).IsEmpty
        || !_releases.Of(key).IsEmpty
        || !_kubeconfigs.Of(key).IsEmpty
        || !_volumeClaims.Of(key).IsEmpty;

    /// <summary>Where a watch puts what it sees.</summary>
    internal readonly struct OwnedSink<T>(HostView view, OwnedSet<T> set)
        where T : class
    {
        public void Change(Owned<T>? before, Owned<T>? after)
        {
            set.Change(before, after);
            Interlocked.Increment(ref view._version);
            if (after is not null)
                view.Know(after.Owner, owns: true);
            if (before is not null && before.Owner != after?.Owner)
                view.Raise(before.Owner);
            if (after is not null)
                view.Raise(after.Owner);
            else if (before is null)
                throw new InvalidOperationException("A change from nothing to nothing.");
        }
    }
}

/// <summary>A secret <c>vc-NAME</c>; its content is not kept.</summary>
internal sealed record KubeconfigSecret(string Version);
