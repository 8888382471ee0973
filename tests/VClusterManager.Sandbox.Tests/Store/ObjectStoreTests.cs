using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Tests.Store;

public sealed class ObjectStoreTests
{
    private readonly ObjectStore _store = new(logCapacity: 4);

    [Fact]
    public void Every_change_gets_the_next_version()
    {
        var one = Create("a");
        var two = _store.TryUpdate(ResourceCatalog.ConfigMaps, one, Map("a"))!;
        var three = _store.TryDelete(ResourceCatalog.ConfigMaps, two)!;
        new[] { one.Version, two.Version, three.Version }.ShouldBe([1L, 2L, 3L]);
    }

    [Fact]
    public void A_writer_with_an_old_version_gets_nothing()
    {
        var one = Create("a");
        _store.TryUpdate(ResourceCatalog.ConfigMaps, one, Map("a")).ShouldNotBeNull();
        _store.TryUpdate(ResourceCatalog.ConfigMaps, one, Map("a")).ShouldBeNull();
        _store.TryDelete(ResourceCatalog.ConfigMaps, one).ShouldBeNull();
        _store.TryCreate(ResourceCatalog.ConfigMaps, Map("a")).ShouldBeNull();
    }

    [Fact]
    public void The_past_can_be_listed_as_long_as_it_is_remembered()
    {
        Create("a");
        var b = Create("b");
        _store.TryDelete(ResourceCatalog.ConfigMaps, b);
        Create("c");
        Names(_store.ListAt(ResourceCatalog.ConfigMaps, null, 2)!).ShouldBe(["a", "b"]);
        Names(_store.ListAt(ResourceCatalog.ConfigMaps, null, 3)!).ShouldBe(["a"]);
        Create("d");
        Create("e");
        _store.ListAt(ResourceCatalog.ConfigMaps, null, 1).ShouldBeNull();
    }

    [Fact]
    public void A_watch_from_a_version_gets_what_came_after_and_none_when_it_is_forgotten()
    {
        Create("a");
        Create("b");
        using var watch = _store.WatchFrom(ResourceCatalog.ConfigMaps, null, 1)!;
        Create("c");
        var seen = new List<string>();
        while (watch.Changes.TryRead(out var change))
        {
            seen.Add(change.Object.Name);
        }

        seen.ShouldBe(["b", "c"]);
        _store.Compact();
        _store.WatchFrom(ResourceCatalog.ConfigMaps, null, 1).ShouldBeNull();
    }

    [Fact]
    public void A_watch_of_one_namespace_hears_nothing_of_others()
    {
        var (_, watch) = _store.WatchFromNow(ResourceCatalog.ConfigMaps, "other");
        using (watch)
        {
            Create("a");
            watch.Changes.TryRead(out _).ShouldBeFalse();
        }
    }

    private StoredObject Create(string name) => _store.TryCreate(ResourceCatalog.ConfigMaps, Map(name))!;

    private static JsonObject Map(string name) =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "n" },
        };

    private static IEnumerable<string> Names(Snapshot snapshot) => snapshot.Objects.Select(stored => stored.Name);
}
