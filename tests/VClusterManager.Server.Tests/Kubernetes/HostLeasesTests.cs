using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Kubernetes;
using Xunit;

namespace VClusterManager.Server.Tests.Kubernetes;

/// <summary>Leases on an emulated host.</summary>
public sealed class HostLeasesTests : IAsyncLifetime
{
    private static readonly NamespacedName Key = new("default", "vcluster-manager-tests");
    private static readonly DateTimeOffset At = new(2030, 1, 1, 12, 0, 0, 123, TimeSpan.Zero);
    private static readonly Dictionary<string, string> Labels = new() { ["a"] = "b" };

    private EmulatedWorld _world = null!;

    private HostLeases Leases => field ??= new HostLeases(_world.Api);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await EmulatedWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task One_that_is_made_is_read_as_it_was_written()
    {
        (await Leases.ReadAsync(Key, Cancellation)).ShouldBeOfType<HostAnswer<HostLease>.Missing>();
        (await WriteAsync(New("one"))).ShouldBeOfType<HostWrite.Done>();

        var read = await ReadAsync();

        read.Version.ShouldNotBeEmpty();
        read.ShouldBe(New("one") with { Version = read.Version });
    }

    [Fact]
    public async Task Of_two_that_make_it_one_is_told_that_the_other_was_faster()
    {
        await WriteAsync(New("one"));

        (await WriteAsync(New("two"))).ShouldBeOfType<HostWrite.Conflict>();

        (await ReadAsync()).Holder.ShouldBe("one");
    }

    [Fact]
    public async Task It_is_written_only_over_the_version_that_was_read()
    {
        await WriteAsync(New("one"));
        var read = await ReadAsync();

        (await WriteAsync(read with { Transitions = 1 })).ShouldBeOfType<HostWrite.Done>();
        (await WriteAsync(read with { Holder = "two" })).ShouldBeOfType<HostWrite.Conflict>();

        (await ReadAsync()).ShouldSatisfyAllConditions(
            lease => lease.Holder.ShouldBe("one"),
            lease => lease.Transitions.ShouldBe(1),
            lease => lease.Version.ShouldNotBe(read.Version)
        );
    }

    [Fact]
    public async Task One_that_was_made_by_hand_says_nothing()
    {
        await _world.MakeAsync(
            new JsonObject
            {
                ["apiVersion"] = "coordination.k8s.io/v1",
                ["kind"] = "Lease",
                ["metadata"] = new JsonObject { ["name"] = Key.Name, ["namespace"] = Key.Namespace },
            }
        );

        (await ReadAsync()).ShouldSatisfyAllConditions(
            lease => lease.Holder.ShouldBeEmpty(),
            lease => lease.Duration.ShouldBe(TimeSpan.Zero)
        );
    }

    [Fact]
    public async Task Where_there_is_no_namespace_it_cannot_be_made() =>
        (
            await Leases.WriteAsync(new("nowhere", "x"), New("one"), Labels, Cancellation)
        ).ShouldBeOfType<HostWrite.Missing>();

    private Task<HostWrite> WriteAsync(HostLease lease) => Leases.WriteAsync(Key, lease, Labels, Cancellation);

    private async Task<HostLease> ReadAsync() =>
        (await Leases.ReadAsync(Key, Cancellation)).ShouldBeOfType<HostAnswer<HostLease>.Found>().Value;

    private static HostLease New(string holder) => new(holder, TimeSpan.FromSeconds(60), At, At, 0, "");
}
