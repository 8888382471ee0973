using System.Collections.Concurrent;
using Shouldly;
using VClusterManager.Server.Storage;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

/// <summary>What comes while a commit goes on is saved together by the next one.</summary>
public sealed class GroupCommitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<int[]> _saved = [];

    [Fact]
    public async Task What_comes_during_a_commit_is_saved_by_the_next_one_and_each_gets_its_own_result()
    {
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using GroupCommit<int, string> commits = new(
            4,
            async items =>
            {
                _saved.Enqueue([.. items]);
                await first.Task;
                return [.. items.Select(item => $"saved {item}")];
            }
        );

        var all = Enumerable.Range(0, 10).Select(commits.AddAsync).ToList();
        first.SetResult();

        (await Task.WhenAll(all).WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken)).ShouldBe(
            Enumerable.Range(0, 10).Select(item => $"saved {item}")
        );
        _saved.Select(items => items.Length).ShouldBe([1, 4, 4, 1]);
        _saved.SelectMany(items => items).ShouldBe(Enumerable.Range(0, 10));
    }

    [Fact]
    public async Task Nobody_fails_for_another()
    {
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using GroupCommit<int, int> commits = new(
            8,
            async items =>
            {
                await first.Task;
                _saved.Enqueue([.. items]);
                return items.Contains(3) ? throw new FormatException("3 cannot be saved") : items;
            }
        );

        var all = Enumerable.Range(0, 6).Select(commits.AddAsync).ToList();
        first.SetResult();

        (
            await Should.ThrowAsync<FormatException>(
                all[3].WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken)
            )
        ).Message.ShouldBe("3 cannot be saved");
        foreach (var item in (int[])[0, 1, 2, 4, 5])
        {
            (await all[item].WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken)).ShouldBe(item);
        }
    }

    [Fact]
    public async Task A_database_that_is_away_is_not_asked_once_more_for_each()
    {
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using GroupCommit<int, int> commits = new(
            8,
            async items =>
            {
                await first.Task;
                _saved.Enqueue([.. items]);
                throw new DatabaseUnavailableException("away");
            }
        );

        var all = Enumerable.Range(0, 6).Select(commits.AddAsync).ToList();
        first.SetResult();

        foreach (var one in all)
        {
            await Should.ThrowAsync<DatabaseUnavailableException>(
                one.WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken)
            );
        }

        _saved.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Beyond_so_many_who_wait_the_next_one_is_told_that_the_database_is_busy()
    {
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using GroupCommit<int, int> commits = new(
            2,
            async items =>
            {
                await first.Task;
                return items;
            },
            room: 3
        );

        var all = Enumerable.Range(0, 3).Select(commits.AddAsync).ToList();
        await Should.ThrowAsync<DatabaseUnavailableException>(commits.AddAsync(3));
        first.SetResult();

        (await Task.WhenAll(all).WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken)).ShouldBe([0, 1, 2]);
        (await commits.AddAsync(4)).ShouldBe(4);
    }
}
