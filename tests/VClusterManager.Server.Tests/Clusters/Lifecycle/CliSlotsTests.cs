using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Clusters.Lifecycle;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Lifecycle;

public sealed class CliSlotsTests
{
    private readonly FakeTimeProvider _time = new(TestManager.Now);
    private readonly List<Guid> _called = [];

    [Fact]
    public void There_are_as_many_as_configured()
    {
        var slots = Slots(2);

        Take(slots, 1).ShouldNotBeNull();
        Take(slots, 2).ShouldNotBeNull();
        Take(slots, 3).ShouldBeNull();
    }

    [Fact]
    public void The_first_in_line_is_called_and_nobody_takes_its_place()
    {
        var slots = Slots(1);
        var held = Take(slots, 1)!;
        Take(slots, 2);
        Take(slots, 3);
        Take(slots, 2);

        held.Dispose();

        _called.ShouldBe([Id(2)]);
        Take(slots, 4).ShouldBeNull("it is kept for the second");
        Take(slots, 3).ShouldBeNull("it is kept for the second");
        Take(slots, 2)!.Dispose();
        _called.ShouldBe([Id(2), Id(3)]);
        Take(slots, 3)!.Dispose();
        _called.ShouldBe([Id(2), Id(3), Id(4)]);
    }

    [Fact]
    public void Who_does_not_come_loses_its_turn_to_the_next()
    {
        var slots = Slots(1);
        var held = Take(slots, 1)!;
        Take(slots, 2);
        Take(slots, 3);
        held.Dispose();

        _time.Advance(TimeSpan.FromSeconds(6));

        Take(slots, 3).ShouldNotBeNull();
        Take(slots, 2).ShouldBeNull();
    }

    [Fact]
    public void When_a_turn_lapses_the_next_is_called()
    {
        var slots = Slots(1);
        var held = Take(slots, 1)!;
        Take(slots, 2);
        Take(slots, 3);
        held.Dispose();

        _time.Advance(TimeSpan.FromSeconds(6));

        _called.ShouldBe([Id(2), Id(3)]);
        Take(slots, 4).ShouldBeNull("it is kept for the third");
        Take(slots, 3).ShouldNotBeNull();
    }

    [Fact]
    public void Who_has_not_come_for_long_is_not_called()
    {
        var slots = Slots(1);
        var held = Take(slots, 1)!;
        Take(slots, 2);
        Take(slots, 3);
        _time.Advance(TimeSpan.FromSeconds(20));
        Take(slots, 3);
        _time.Advance(TimeSpan.FromSeconds(20));

        held.Dispose();

        _called.ShouldBe([Id(3)], "another server has run the second");
    }

    [Fact]
    public void Giving_back_twice_gives_back_one()
    {
        var slots = Slots(1);
        var held = Take(slots, 1)!;
        held.Dispose();
        held.Dispose();

        Take(slots, 1).ShouldNotBeNull();
        Take(slots, 2).ShouldBeNull();
    }

    [Fact]
    public void Two_that_come_back_call_two()
    {
        var slots = Slots(2);
        var one = Take(slots, 1)!;
        var two = Take(slots, 2)!;
        Take(slots, 3);
        Take(slots, 4);

        one.Dispose();
        two.Dispose();

        _called.ShouldBe([Id(3), Id(4)]);
        Take(slots, 4).ShouldNotBeNull();
        Take(slots, 5).ShouldBeNull();
        Take(slots, 3).ShouldNotBeNull();
    }

    [Fact]
    public void A_slot_that_comes_back_goes_to_what_was_asked_for_first_in_whatever_order_they_came()
    {
        var slots = Slots(1);
        var held = Take(slots, 1)!;
        Take(slots, 3);
        Take(slots, 2);

        held.Dispose();

        _called.ShouldBe([Id(2)]);
    }

    private CliSlots Slots(int count)
    {
        var options = TestManager.Options(TestManager.VCluster with { MaxParallel = count });
        var slots = new CliSlots(options, _time);
        slots.Called += _called.Add;
        return slots;
    }

    private static CliSlots.Slot? Take(CliSlots slots, int cluster) =>
        slots.TryTake(Id(cluster), TestManager.Now.AddSeconds(cluster));

    private static Guid Id(int cluster) => new(cluster, 0, 0, new byte[8]);
}
