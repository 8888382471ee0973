using System.Threading.RateLimiting;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Running;
using VClusterManager.Server.DynamicEndpoints.Serving;
using VClusterManager.Server.Http;
using VClusterManager.Server.Processes;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>How often, how many at once, for how long an answer is given again; and what the end of a command means.</summary>
public sealed class RunningTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_rate_lets_so_many_in_and_says_when_the_next_may_come()
    {
        RunRate rate = new(new EndpointRate(2, TimeSpan.FromSeconds(10)), _time);

        rate.Take().ShouldBeNull();
        rate.Take().ShouldBeNull();
        rate.Take().ShouldBe(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4));
        rate.Take()!.Value.TotalSeconds.ShouldBe(1, 0.001);
        _time.Advance(TimeSpan.FromSeconds(1.001));
        rate.Take().ShouldBeNull();
        _time.Advance(TimeSpan.FromHours(1));
        rate.Take().ShouldBeNull();
        rate.Take().ShouldBeNull();
        rate.Take().ShouldNotBeNull();
    }

    [Fact]
    public async Task Slots_are_handed_on_in_order_and_only_so_many_wait()
    {
        RunSlots slots = new(1, _time);
        var first = (await EnterAsync(slots)).ShouldNotBeNull();
        var waiting = Enumerable.Range(0, RunSlots.WaitingForEach).Select(_ => EnterAsync(slots)).ToList();

        (await EnterAsync(slots)).ShouldBeNull("the line is full");
        first.Dispose();
        var second = (await waiting[0]).ShouldNotBeNull();
        waiting.Skip(1).ShouldAllBe(w => !w.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(10));
        foreach (var tired in waiting.Skip(1))
        {
            (await tired).ShouldBeNull();
        }

        second.Dispose();
        (await EnterAsync(slots)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_goes_while_waiting_takes_no_place_with_him()
    {
        RunSlots slots = new(1, _time);
        var first = (await EnterAsync(slots)).ShouldNotBeNull();
        using CancellationTokenSource gone = new();
        var waiting = slots.EnterAsync(TimeSpan.FromSeconds(9), gone.Token).AsTask();

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
        first.Dispose();
        (await EnterAsync(slots)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_comes_while_a_command_runs_shares_it_and_who_comes_soon_after_has_its_answer()
    {
        AnswerCache cache = new(TimeSpan.FromSeconds(5), _time);
        TaskCompletionSource<Outcome<CommandAnswer>> run = new();
        var runs = 0;
        Task<Outcome<CommandAnswer>> Ask(string key) =>
            cache.GetAsync(
                key,
                _ =>
                {
                    Interlocked.Increment(ref runs);
                    return run.Task;
                },
                Cancellation
            );
        var all = Enumerable.Range(0, 50).Select(_ => Ask("a")).ToList();
        var other = Ask("b");

        run.SetResult(Answer("x"));
        var answers = await Task.WhenAll(all);
        await other;

        runs.ShouldBe(2);
        answers.ShouldAllBe(a => ReferenceEquals(a.Value, answers[0].Value));
        cache.Find("a").ShouldBe(answers[0].Value);
        _time.Advance(TimeSpan.FromSeconds(5));
        cache.Find("a").ShouldBeNull();
        await Ask("a");
        runs.ShouldBe(3);
    }

    [Fact]
    public async Task A_failure_is_told_to_those_who_waited_and_not_kept()
    {
        AnswerCache cache = new(TimeSpan.FromSeconds(5), _time);
        TaskCompletionSource<Outcome<CommandAnswer>> run = new();
        var both = new[]
        {
            cache.GetAsync("a", _ => run.Task, Cancellation),
            cache.GetAsync("a", _ => run.Task, Cancellation),
        };

        run.SetResult(new Problem(ProblemKind.ToolFailed, "no"));

        (await Task.WhenAll(both)).ShouldAllBe(o => o.Problem != null);
        cache.Find("a").ShouldBeNull();
    }

    [Fact]
    public async Task A_shared_command_ends_when_the_last_who_waits_has_gone_and_not_before()
    {
        AnswerCache cache = new(TimeSpan.FromSeconds(5), _time);
        using CancellationTokenSource one = new();
        using CancellationTokenSource two = new();
        TaskCompletionSource<CancellationToken> started = new();
        async Task<Outcome<CommandAnswer>> Run(CancellationToken ending)
        {
            started.TrySetResult(ending);
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, ending);
            return Answer("never");
        }

        var first = cache.GetAsync("a", Run, one.Token);
        var second = cache.GetAsync("a", Run, two.Token);
        var ending = await started.Task;
        await one.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        ending.IsCancellationRequested.ShouldBeFalse();
        await two.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(second);

        ending.IsCancellationRequested.ShouldBeTrue();
        (
            await cache.GetAsync("a", _ => Task.FromResult<Outcome<CommandAnswer>>(Answer("new")), Cancellation)
        ).Value.Body.Length.ShouldBe(3);
    }

    [Fact]
    public async Task What_is_kept_is_bounded_in_number_and_bytes()
    {
        AnswerCache cache = new(TimeSpan.FromHours(1), _time);
        for (var i = 0; i < AnswerCache.MostAnswers + 50; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await cache.GetAsync($"{i}", _ => Task.FromResult<Outcome<CommandAnswer>>(Answer("x")), Cancellation);
        }

        Enumerable
            .Range(0, AnswerCache.MostAnswers + 50)
            .Count(i => cache.Find($"{i}") is not null)
            .ShouldBeLessThanOrEqualTo(AnswerCache.MostAnswers);
        cache.Find($"{AnswerCache.MostAnswers + 49}").ShouldNotBeNull();
        var large = new string('x', (int)AnswerCache.MostBytes / 3);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await cache.GetAsync(
                $"large{i}",
                _ => Task.FromResult<Outcome<CommandAnswer>>(Answer(large)),
                Cancellation
            );
        }

        Enumerable.Range(0, 5).Count(i => cache.Find($"large{i}") is not null).ShouldBeLessThanOrEqualTo(3);
    }

    [Theory]
    [InlineData("Error from server (NotFound): pods \"x\" not found", ProblemKind.NotFound)]
    [InlineData("error: the server doesn't have a resource type \"x\"", ProblemKind.NotFound)]
    [InlineData("10:00:00 fatal couldn't find vcluster demo", ProblemKind.NotFound)]
    [InlineData(
        "Error from server (Forbidden): pods is forbidden: User \"x\" cannot list resource",
        ProblemKind.Forbidden
    )]
    [InlineData("Error from server (AlreadyExists): x already exists", ProblemKind.Conflict)]
    [InlineData("Error from server (Conflict): the object has been modified", ProblemKind.Conflict)]
    [InlineData("error: timed out waiting for the condition", ProblemKind.TimedOut)]
    [InlineData("Unable to connect to the server: dial tcp: i/o timeout", ProblemKind.Unavailable)]
    [InlineData(
        "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?",
        ProblemKind.Unavailable
    )]
    [InlineData("error: unknown flag: --x", ProblemKind.ToolFailed)]
    [InlineData("error: You must be logged in to the server (Unauthorized)", ProblemKind.ToolFailed)]
    [InlineData("", ProblemKind.ToolFailed)]
    public void What_a_tool_says_at_its_end_has_a_kind(string said, object kind)
    {
        var problem = CommandOutcome
            .Failure(EndpointFiles.One(EndpointFiles.With("")), Ended(1, said))
            .ShouldNotBeNull();

        problem.Kind.ShouldBe((ProblemKind)kind);
        problem.Detail.ShouldEndWith(".");
    }

    [Fact]
    public void What_is_said_is_clean_and_short()
    {
        var said = "\e[31mbroken\e[0m \a\u0000bell " + new string('x', 5000);

        var detail = CommandOutcome.Failure(EndpointFiles.One(EndpointFiles.With("")), Ended(1, said))!.Detail;

        detail.Length.ShouldBeLessThan(1100);
        detail.ShouldAllBe(c => !char.IsControl(c));
        detail.ShouldStartWith("broken");
    }

    [Fact]
    public void A_manifest_that_is_wrong_is_the_callers_fault()
    {
        var endpoint = EndpointFiles.One(
            EndpointFiles.With("method: POST\nargs: [apply, '--filename=-']\nstdin: body")
        );

        var problem = CommandOutcome.Failure(endpoint, Ended(1, "error: error parsing STDIN: bad YAML"))!;

        problem.Kind.ShouldBe(ProblemKind.Invalid);
        problem.Errors!.Keys.ShouldBe(["body"]);
    }

    [Theory]
    [InlineData("apiVersion: v1\nusers: [{name: a, user: {token: x}}]", true)]
    [InlineData("apiVersion: v1\nusers: [{name: a, user: {client-certificate-data: x}}]", true)]
    [InlineData("users: [{name: a, user: {exec: {command: sh}}}]", false)]
    [InlineData("users: [{name: a, user: {auth-provider: {name: x}}}]", false)]
    [InlineData("users: [{name: a, user: {tokenFile: /etc/passwd}}]", false)]
    [InlineData("users: [{name: a, user: {client-key: /etc/passwd}}]", false)]
    [InlineData("clusters: [{name: a, cluster: {certificate-authority: /etc/passwd}}]", false)]
    [InlineData("clusters: [{name: a, cluster: {proxy-url: http://x}}]", false)]
    [InlineData("a: &x {exec: {command: sh}}\nb: *x", false)]
    [InlineData("{\"users\": [{\"user\": {\"EXEC\": {}}}]}", false)]
    [InlineData("", false)]
    public void A_kubeconfig_that_would_run_or_read_something_is_not_used(string kubeconfig, bool used) =>
        (ClusterTargets.WrongWith(kubeconfig) is null).ShouldBe(used);

    [Theory]
    [InlineData("[diff, '--filename=-']", 1, "", true)]
    [InlineData("[diff, '--filename=-']", 2, "error: unable to decode", false)]
    [InlineData("[diff, '--filename=-']", 1, "error: failed to get diff", false)]
    [InlineData("[auth, can-i, fly, pods]", 1, "Warning: verb 'fly' is not a known verb\n\n", true)]
    [InlineData("[auth, can-i]", 1, "error: you must specify two arguments", false)]
    [InlineData("[auth, whoami]", 1, "", false)]
    [InlineData("[get, pods]", 1, "", false)]
    public void A_tool_that_answers_with_its_exit_code_has_not_failed(
        string arguments,
        int code,
        string said,
        bool answers
    )
    {
        var endpoint = EndpointFiles.One(EndpointFiles.With($"method: POST\nargs: {arguments}"));

        (CommandOutcome.Failure(endpoint, Ended(code, said)) is null).ShouldBe(answers);
    }

    private static Task<RateLimitLease?> EnterAsync(RunSlots slots) =>
        slots.EnterAsync(TimeSpan.FromSeconds(9), Cancellation).AsTask();

    private static ToolResult Ended(int code, string error) =>
        new(ToolEnd.Exited, code, "", error, Truncated: false, TimeSpan.FromSeconds(1));

    private CommandAnswer Answer(string text) =>
        new(System.Text.Encoding.UTF8.GetBytes(text), "text/plain") { Made = _time.GetTimestamp() };
}
