using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Http;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

public sealed class RecordedAnswersTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private static readonly RecordedAnswer Answer = new(202, "/there", "{}");

    private readonly FakeTimeProvider _time = new(Rows.Noon);

    private RecordedAnswers Answers => new(database.Stores, _time);

    [Fact]
    public async Task An_answer_is_remembered_for_a_day_and_no_longer()
    {
        var request = Request("day", "hash");
        await RememberAsync(request);

        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        (await RecallAsync(request))!.Value.Value.Recorded.ShouldBe(Answer);

        _time.Advance(TimeSpan.FromSeconds(1));
        (await RecallAsync(request)).ShouldBeNull();
        await RememberAsync(request with { RequestHash = "another" });
        (await RecallAsync(request))!.Value.Problem.ShouldNotBeNull().Kind.ShouldBe(ProblemKind.Invalid);
    }

    [Fact]
    public async Task The_final_answer_takes_the_place_of_the_first()
    {
        var request = Request("final", "hash");
        await RememberAsync(request);

        await Answers.ReplaceAsync(request, Answer with { StatusCode = 201, Body = "{1}" }, ManagerHost.Cancellation);

        var recalled = (await RecallAsync(request))!.Value.Value.Recorded.ShouldNotBeNull();
        (recalled.StatusCode, recalled.Location, recalled.Body).ShouldBe((201, "/there", "{1}"));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_remembered() => (await RecallAsync(null)).ShouldBeNull();

    [Fact]
    public async Task Another_caller_with_the_same_key_is_somebody_else()
    {
        await RememberAsync(Request("shared", "hash"));

        (await RecallAsync(Request("shared", "hash") with { Principal = "other" })).ShouldBeNull();
    }

    private Task RememberAsync(IdempotentRequest request) =>
        database.Stores.TransactAsync(
            store =>
            {
                Answers.Remember(store, request, Answer);
                return Task.CompletedTask;
            },
            ManagerHost.Cancellation
        );

    private async Task<Outcome<CreateAnswer>?> RecallAsync(IdempotentRequest? request)
    {
        await using var store = database.Stores.Open();
        return await Answers.RecallAsync(store, request, ManagerHost.Cancellation);
    }

    private static IdempotentRequest Request(string key, string hash) => new("anna", key, hash, _ => Answer);
}
