using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Shouldly;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Requests;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

public sealed class RequestTests
{
    [Fact]
    public void A_page_has_50_entries_from_the_start_when_nothing_is_asked() =>
        PageRequest.Read(Query("")).Value.ShouldBe(new PageRequest(50, null));

    [Theory]
    [InlineData("?limit=1", 1)]
    [InlineData("?limit=500", 500)]
    [InlineData("?limit=", 50)]
    public void A_limit_within_bounds_is_taken(string query, int limit) =>
        PageRequest.Read(Query(query)).Value.Limit.ShouldBe(limit);

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=501", "limit")]
    [InlineData("?limit=-1", "limit")]
    [InlineData("?limit=1.5", "limit")]
    [InlineData("?limit=ten", "limit")]
    [InlineData("?limit=99999999999", "limit")]
    [InlineData("?limit=1&limit=2", "limit")]
    [InlineData("?cursor=nonsense!", "cursor")]
    [InlineData("?cursor=bm9uc2Vuc2U", "cursor")]
    [InlineData("?cursor=W10", "cursor")]
    [InlineData("?cursor=WzFd", "cursor")]
    [InlineData("?cursor=W251bGxd", "cursor")]
    [InlineData("?cursor=a&cursor=b", "cursor")]
    public void A_bad_page_is_422_and_names_the_parameter(string query, string field)
    {
        var problem = PageRequest.Read(Query(query)).Problem.ShouldNotBeNull();

        problem.Kind.ShouldBe(ProblemKind.Invalid);
        problem.Errors!.Keys.ShouldBe([field]);
    }

    [Fact]
    public void What_a_cursor_was_made_of_is_what_it_is_read_as() =>
        Gen.String.Array[1, 4].Sample(key => Cursor.Decode(Cursor.Encode(key))!.SequenceEqual(key));

    [Fact]
    public void What_is_no_cursor_is_read_as_none() =>
        Gen.String.Sample(text => Cursor.Decode(text) is null or { Count: > 0 });

    [Theory]
    [InlineData("", null, null)]
    [InlineData("?wait=30", null, 30)]
    [InlineData("?wait=0", null, 0)]
    [InlineData("?wait=300", null, 300)]
    [InlineData("", "wait=10", 10)]
    [InlineData("", "respond-async, wait=10", 10)]
    [InlineData("", "return=minimal; wait=10", 10)]
    [InlineData("", "Wait=\"10\"", 10)]
    [InlineData("", "return=representation", null)]
    [InlineData("?wait=5", "wait=10", 5)]
    public void The_time_to_wait_is_read_from_parameter_and_preference(string query, string? prefer, int? seconds) =>
        WaitFor
            .Read(Query(query), prefer)
            .Value.Time.ShouldBe(seconds is null ? null : TimeSpan.FromSeconds(seconds.Value));

    [Theory]
    [InlineData("?wait=301", null, "wait")]
    [InlineData("?wait=-1", null, "wait")]
    [InlineData("?wait=1s", null, "wait")]
    [InlineData("?wait=1&wait=2", null, "wait")]
    [InlineData("", "wait=301", "Prefer")]
    [InlineData("", "wait", "Prefer")]
    [InlineData("", "wait=", "Prefer")]
    [InlineData("", "wait=soon", "Prefer")]
    public void A_bad_time_to_wait_is_422(string query, string? prefer, string field)
    {
        var problem = WaitFor.Read(Query(query), prefer).Problem.ShouldNotBeNull();

        problem.Kind.ShouldBe(ProblemKind.Invalid);
        problem.Errors!.Keys.ShouldBe([field]);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("with spaces and \"quotes\"")]
    public void A_printable_idempotency_key_is_taken_as_it_is(string key) =>
        IdempotencyKey.Read(key).Value.Text.ShouldBe(key);

    [Fact]
    public void An_idempotency_key_is_optional_and_bounded()
    {
        IdempotencyKey.Read(StringValues.Empty).Value.Text.ShouldBeNull();
        IdempotencyKey.Read(new string('x', 255)).Value.Text!.Length.ShouldBe(255);
        foreach (StringValues bad in (StringValues[])["", new string('x', 256), "a\tb", "é", new(["a", "b"])])
        {
            IdempotencyKey.Read(bad).Problem!.Kind.ShouldBe(ProblemKind.Invalid);
        }
    }

    [Fact]
    public void The_same_request_has_the_same_hash_and_another_one_another()
    {
        var request = Request("POST", "/api/clusters");
        var hash = IdempotencyKey.HashOf(request, new { name = "a", ttl = 1 });

        IdempotencyKey.HashOf(Request("POST", "/api/clusters"), new { name = "a", ttl = 1 }).ShouldBe(hash);
        IdempotencyKey.HashOf(Request("POST", "/api/clusters"), new { name = "a", ttl = 2 }).ShouldNotBe(hash);
        IdempotencyKey.HashOf(Request("PUT", "/api/clusters"), new { name = "a", ttl = 1 }).ShouldNotBe(hash);
        IdempotencyKey.HashOf(Request("POST", "/api/cluster"), new { name = "a", ttl = 1 }).ShouldNotBe(hash);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("*", true)]
    [InlineData("\"a-1\"", true)]
    [InlineData("\"x\", \"a-1\"", true)]
    [InlineData("\"x\"", false)]
    [InlineData("W/\"a-1\"", false)]
    public void If_match_holds_for_a_strong_tag_in_its_list(string? header, bool expected) =>
        IfMatch.Read(header is null ? StringValues.Empty : header).Value.Matches("\"a-1\"").ShouldBe(expected);

    [Fact]
    public void Several_if_match_lines_are_one_list() =>
        IfMatch.Read(new StringValues(["\"x\"", "\"a-1\""])).Value.Matches("\"a-1\"").ShouldBeTrue();

    [Theory]
    [InlineData("a-1")]
    [InlineData("\"a-1")]
    [InlineData("")]
    [InlineData("\"a\" \"b\"")]
    public void An_if_match_that_is_no_list_of_tags_is_400(string header) =>
        IfMatch.Read(header).Problem!.Kind.ShouldBe(ProblemKind.Malformed);

    private static QueryCollection Query(string query) =>
        new(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query));

    private static HttpRequest Request(string method, string path) =>
        new DefaultHttpContext { Request = { Method = method, Path = path } }.Request;
}
