using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Observability;
using Xunit;

namespace VClusterManager.Server.Tests.Observability;

public sealed class SampledFiguresTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _failures = [];
    private int _looks;

    [Fact]
    public async Task However_often_somebody_looks_it_is_asked_once_in_an_interval()
    {
        var figures = new SampledFigures("some", Interval, Look);

        for (var i = 0; i < 5; i++)
        {
            await RefreshAsync(figures);
        }

        _looks.ShouldBe(1);
        _time.Advance(Interval);
        await RefreshAsync(figures);
        _looks.ShouldBe(2);
    }

    [Fact]
    public async Task What_could_not_be_asked_for_grows_old_and_is_not_asked_for_at_once()
    {
        var answers = new Queue<Func<string?>>([
            () => null,
            () => "no",
            () => throw new IOException("away"),
            () => null,
        ]);
        var figures = new SampledFigures("some", Interval, _ => Task.FromResult(answers.Dequeue()()));
        figures.AgeBy(_time).ShouldBeNull();

        await RefreshAsync(figures);
        figures.AgeBy(_time).ShouldBe(TimeSpan.Zero);
        for (var i = 1; i <= 2; i++)
        {
            _time.Advance(Interval);
            await RefreshAsync(figures);
            await RefreshAsync(figures);
            figures.AgeBy(_time).ShouldBe(Interval * i);
        }

        _failures.ShouldBe(["no", "away"]);
        _time.Advance(Interval);
        await RefreshAsync(figures);
        figures.AgeBy(_time).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task While_an_answer_is_awaited_it_is_not_asked_again()
    {
        TaskCompletionSource<string?> answer = new();
        var figures = new SampledFigures(
            "some",
            Interval,
            _ =>
            {
                Interlocked.Increment(ref _looks);
                return answer.Task;
            }
        );

        var first = RefreshAsync(figures);
        _time.Advance(Interval * 3);
        var second = RefreshAsync(figures);
        answer.SetResult(null);
        await Task.WhenAll(first, second);

        _looks.ShouldBe(1);
        figures.AgeBy(_time).ShouldBe(TimeSpan.Zero);
    }

    private Task<string?> Look(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _looks);
        return Task.FromResult<string?>(null);
    }

    private Task RefreshAsync(SampledFigures figures) =>
        figures.RefreshAsync(_time, _failures.Add, CancellationToken.None);
}
