using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Loop;

/// <summary>Writes events about objects; the same one again raises the count of the first.</summary>
internal sealed class EventRecorder(ObjectRegistry registry)
{
    private const int KnownLimit = 20_000;

    private readonly ConcurrentDictionary<(string Uid, string Reason, string Message), string> _known = [];
    private long _last;

    public void Normal(StoredObject about, string component, string reason, string message) =>
        Record(about, component, "Normal", reason, message);

    public void Warning(StoredObject about, string component, string reason, string message) =>
        Record(about, component, "Warning", reason, message);

    private void Record(StoredObject about, string component, string type, string reason, string message)
    {
        var ns = about.Namespace.Length > 0 ? about.Namespace : "default";
        var key = (about.Uid, reason, message);
        try
        {
            if (!_known.TryGetValue(key, out var name) || !CountUp(ns, name))
            {
                if (_known.Count > KnownLimit)
                {
                    // Most are about what is long gone; the others only begin a new event.
                    _known.Clear();
                }

                name = Create(ns, about, component, type, reason, message);
                _known[key] = name;
            }
        }
        catch (StatusException)
        {
            // The namespace is on its way out: its events no longer matter.
        }
    }

    private bool CountUp(string ns, string name)
    {
        if (registry.Store.Find(ResourceCatalog.Events, ns, name) is null)
        {
            return false;
        }

        registry.Update(
            ResourceCatalog.Events,
            ns,
            name,
            json =>
            {
                json["count"] = (json.Number("count") ?? 1) + 1;
                json["lastTimestamp"] = Timestamps.Format(registry.Time.GetUtcNow());
                return json;
            },
            WriteOptions.ControllerManager
        );
        return true;
    }

    private string Create(string ns, StoredObject about, string component, string type, string reason, string message)
    {
        var now = Timestamps.Format(registry.Time.GetUtcNow());
        var name = $"{about.Name}.{NextStamp().ToString("x16", CultureInfo.InvariantCulture)}";
        var regarding = new JsonObject
        {
            ["kind"] = about.Json.Text("kind"),
            ["namespace"] = about.Namespace,
            ["name"] = about.Name,
            ["uid"] = about.Uid,
            ["apiVersion"] = about.Json.Text("apiVersion"),
            ["resourceVersion"] = about.Version.ToString(CultureInfo.InvariantCulture),
        };
        var json = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["involvedObject"] = regarding,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = component },
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
            ["type"] = type,
            ["reportingComponent"] = component,
        };
        registry.Create(ResourceCatalog.Events, ns, json, WriteOptions.ControllerManager);
        return name;
    }

    /// <summary>The time in nanoseconds, moved on where two events fall on the same one.</summary>
    private long NextStamp()
    {
        var now = registry.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}
