using Shouldly;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Storage;
using Xunit;
using static VClusterManager.Server.Clusters.Lifecycle.LifecycleEvent;
using static VClusterManager.Server.Storage.ClusterPhase;

namespace VClusterManager.Server.Tests.Clusters.Lifecycle;

public sealed class ClusterLifecycleTests
{
    /// <summary>
    /// Every phase (rows) x every event (columns), with the operation that is usual in that phase. "." stays, "no"
    /// refuses, a phase is gone to, and "Phase+kind" begins an operation. A new phase or event has no cell, and fails.
    /// </summary>
    private const string Table = """
        |              | EditAsked | UpdateAsked         | PauseAsked     | ResumeAsked   | DeleteAsked     | RetryAsked      | CancelAsked | WorkStarted  | WorkSucceeded | WorkFailed | WorkCancelled | SeenReady | SeenUnready | SeenPaused | SeenMissing | SeenGone |
        | Pending      | .         | .                   | no             | no            | Deleting+Delete | no              | .           | Provisioning | Running       | Failed     | Failed        | .         | .           | .          | .           | .        |
        | Provisioning | .         | Provisioning+Update | no             | no            | Deleting+Delete | no              | .           | .            | Running       | Failed     | Failed        | .         | .           | .          | .           | .        |
        | Running      | .         | Updating+Update     | Updating+Pause | .             | Deleting+Delete | no              | no          | .            | Running       | Failed     | Failed        | .         | Failed      | Sleeping   | Failed      | .        |
        | Updating     | .         | Updating+Update     | no             | no            | Deleting+Delete | no              | .           | .            | Running       | Failed     | Failed        | .         | .           | .          | .           | .        |
        | Sleeping     | .         | no                  | .              | Waking+Resume | Deleting+Delete | no              | no          | .            | Sleeping      | Failed     | Failed        | Running   | Failed      | .          | Failed      | .        |
        | Waking       | .         | Waking+Update       | no             | .             | Deleting+Delete | no              | .           | .            | Running       | Failed     | Failed        | .         | .           | .          | .           | .        |
        | Deleting     | no        | no                  | no             | no            | .               | no              | no          | .            | Deleted       | Failed     | Failed        | .         | .           | .          | .           | .        |
        | Failed       | .         | Updating+Update     | Updating+Pause | no            | Deleting+Delete | Pending+Create  | no          | .            | Running       | Failed     | Failed        | Running   | .           | Sleeping   | .           | Deleted  |
        | Deleted      | no        | no                  | no             | no            | .               | no              | no          | .            | .             | .          | .             | .         | .           | .          | .           | .        |
        """;

    [Fact]
    public void Every_phase_has_an_answer_to_every_event()
    {
        var cells = Parse();
        foreach (var phase in Enum.GetValues<ClusterPhase>())
        {
            foreach (var happened in Enum.GetValues<LifecycleEvent>())
            {
                cells.ShouldContainKey((phase, happened), $"decide what {happened} means while {phase}");
                Describe(ClusterLifecycle.On(phase, happened, UsualOperation(phase)))
                    .ShouldBe(cells[(phase, happened)], $"{phase} x {happened}");
            }
        }
    }

    [Theory]
    [InlineData(null, "Updating+Update")]
    [InlineData(OperationKind.Create, "Pending+Create")]
    [InlineData(OperationKind.Update, "Updating+Update")]
    [InlineData(OperationKind.Pause, "Updating+Pause")]
    [InlineData(OperationKind.Resume, "Waking+Resume")]
    [InlineData(OperationKind.Delete, "Deleting+Delete")]
    public void A_retry_begins_again_what_failed_or_brings_the_host_to_what_is_wanted(
        object? failed,
        string expected
    ) => Describe(ClusterLifecycle.On(Failed, RetryAsked, (OperationKind?)failed)).ShouldBe(expected);

    [Theory]
    [InlineData(OperationKind.Create, "Running")]
    [InlineData(OperationKind.Update, "Running")]
    [InlineData(OperationKind.Pause, "Sleeping")]
    [InlineData(OperationKind.Resume, "Running")]
    public void Success_leads_to_where_the_operation_wanted_to_go(object kind, string expected) =>
        Describe(ClusterLifecycle.On(Updating, WorkSucceeded, (OperationKind)kind)).ShouldBe(expected);

    [Fact]
    public void An_update_while_it_goes_to_sleep_is_refused() =>
        Describe(ClusterLifecycle.On(Updating, UpdateAsked, OperationKind.Pause)).ShouldBe("no");

    [Fact]
    public void A_create_that_ends_after_the_delete_was_asked_for_does_not_undo_the_delete() =>
        Describe(ClusterLifecycle.On(Deleting, WorkSucceeded, OperationKind.Create)).ShouldBe(".");

    [Fact]
    public void Every_refusal_says_why()
    {
        foreach (var phase in Enum.GetValues<ClusterPhase>())
        {
            foreach (var happened in Enum.GetValues<LifecycleEvent>())
            {
                if (ClusterLifecycle.On(phase, happened, UsualOperation(phase)) is LifecycleMove.Refuse refuse)
                {
                    refuse.Why.Length.ShouldBeGreaterThan(10, $"{phase} x {happened}");
                }
            }
        }
    }

    private static OperationKind? UsualOperation(ClusterPhase phase) =>
        phase switch
        {
            Sleeping => OperationKind.Pause,
            Waking => OperationKind.Resume,
            Updating => OperationKind.Update,
            Deleting or Deleted => OperationKind.Delete,
            _ => OperationKind.Create,
        };

    private static string Describe(LifecycleMove move) =>
        move switch
        {
            LifecycleMove.Stay => ".",
            LifecycleMove.Go go => go.Next.ToString(),
            LifecycleMove.Start start => $"{start.Next}+{start.Kind}",
            LifecycleMove.Refuse => "no",
            _ => "?",
        };

    private static Dictionary<(ClusterPhase, LifecycleEvent), string> Parse()
    {
        var lines = Table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Cells).ToList();
        var events = lines[0].Skip(1).Select(Enum.Parse<LifecycleEvent>).ToList();
        return lines
            .Skip(1)
            .SelectMany(line =>
                events.Select((happened, i) => (Key: (Enum.Parse<ClusterPhase>(line[0]), happened), Cell: line[i + 1]))
            )
            .ToDictionary(c => c.Key, c => c.Cell);
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(c => c.Trim())];
}
