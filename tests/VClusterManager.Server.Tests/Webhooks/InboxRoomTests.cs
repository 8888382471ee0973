using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Webhooks;
using VClusterManager.Server.Webhooks.Deliveries;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>How much is held of deliveries of which nobody knows yet who sends them.</summary>
public sealed class InboxRoomTests(InboxTests.QuietWebhooks host) : IClassFixture<InboxTests.QuietWebhooks>
{
    private static readonly byte[] s_large = new byte[InboxRoom.Small + 1];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_announced_and_does_not_come_takes_no_memory()
    {
        using InboxRoom room = new();
        using CancellationTokenSource gone = new();
        var http = Delivery(new Pipe().Reader.AsStream(), gone.Token);
        http.Request.ContentLength = InboxEndpoints.MaxBody;
        // Once before, so that what is made once is made.
        var first = TakeAsync(http, room);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var second = TakeAsync(Delivery(new Pipe().Reader.AsStream(), gone.Token, InboxEndpoints.MaxBody), room);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2 * InboxRoom.Small);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        await Should.ThrowAsync<OperationCanceledException>(second);
    }

    [Fact]
    public async Task Who_comes_when_it_is_full_waits_for_a_moment_and_is_told_when_to_come_again()
    {
        using InboxRoom room = new(small: 1);
        var held = (await room.EnterAsync(Cancellation)).ShouldNotBeNull();
        var waits = room.EnterAsync(Cancellation);
        waits.IsCompleted.ShouldBeFalse();
        held.Dispose();
        (await waits).ShouldNotBeNull();

        var refused = await TakeAsync(Delivery(new MemoryStream([1]), Cancellation), room);

        var problem = refused.ShouldBeOfType<ProblemResult>().Problem;
        (problem.Kind, problem.RetryAfter).ShouldBe((ProblemKind.Unavailable, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Large_ones_keep_large_ones_waiting_and_no_small_ones()
    {
        using InboxRoom room = new(large: 1);
        var held = (await room.EnterAsync(Cancellation))!;
        (await held.ReadAsync(new MemoryStream(s_large), Cancellation)).ShouldBe(s_large);

        var refused = await TakeAsync(Delivery(new MemoryStream(s_large), Cancellation), room);
        refused.ShouldBeOfType<ProblemResult>().Problem.Kind.ShouldBe(ProblemKind.Unavailable);
        using var small = (await room.EnterAsync(Cancellation))!;
        (await small.ReadAsync(new MemoryStream(s_large[1..]), Cancellation))!.Length.ShouldBe(InboxRoom.Small);

        held.Dispose();
        using var large = (await room.EnterAsync(Cancellation))!;
        (await large.ReadAsync(new MemoryStream(s_large), Cancellation)).ShouldBe(s_large);
    }

    [Fact]
    public async Task Five_hundred_that_come_at_once_are_all_taken()
    {
        var replies = await Task.WhenAll(
            Enumerable
                .Range(1, 500)
                .Select(number =>
                    host.Sender.SendAsync(
                        "github",
                        "pull_request",
                        GitHubDeliveries.Of("other/burst", number, "opened", 0)
                    )
                )
        );

        replies.ShouldAllBe(reply => reply.Status == 202);
    }

    private static DefaultHttpContext Delivery(Stream body, CancellationToken aborted, long? length = null)
    {
        DefaultHttpContext http = new() { RequestAborted = aborted };
        http.Request.Body = body;
        http.Request.ContentLength = length;
        return http;
    }

    private Task<IResult> TakeAsync(HttpContext http, InboxRoom room) =>
        InboxEndpoints.TakeGitHubAsync(
            http,
            host.Services.GetRequiredService<WebhookProviders>(),
            host.Services.GetRequiredService<Inbox>(),
            room
        );
}
