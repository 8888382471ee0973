using CsCheck;
using Shouldly;
using VClusterManager.Server.Identity;
using Xunit;

namespace VClusterManager.Server.Tests.Identity;

public sealed class GlobTests
{
    [Theory]
    [InlineData("team-a", "team-a", true)]
    [InlineData("team-a", "team-ab", false)]
    [InlineData("team-*", "team-", true)]
    [InlineData("team-*", "team-a", true)]
    [InlineData("team-*", "my-team-a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything/at:all", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*-a-*", "x-a-y", true)]
    [InlineData("*-a-*", "x-a", false)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXbYcZ", false)]
    [InlineData("**", "a", true)]
    [InlineData("Team", "team", false)]
    [InlineData("a?c", "abc", false)]
    public void A_star_stands_for_any_text(string pattern, string text, bool matches) =>
        Glob.Matches(pattern, text).ShouldBe(matches);

    [Fact]
    public void A_pattern_that_covers_another_matches_all_that_it_does()
    {
        var text = Gen.String[Gen.Char["ab*"], 0, 6];
        Gen.Select(text, text, Gen.String[Gen.Char["ab"], 0, 6])
            .Sample(
                (outer, inner, name) =>
                    !Glob.Matches(outer, inner) || !Glob.Matches(inner, name) || Glob.Matches(outer, name),
                iter: 20_000
            );
    }

    [Fact]
    public void Many_stars_take_no_long_time() =>
        Glob.Matches(string.Concat(Enumerable.Repeat("a*", 200)) + "b", new string('a', 20_000)).ShouldBeFalse();

    [Fact]
    public void Limits_inside_others_are_never_more()
    {
        var outer = new Limits { Namespaces = ["team-a-*"], MaxClusters = 3 };

        var inner = new Limits
        {
            Namespaces = ["team-a-x", "team-b"],
            OwnClusters = true,
            MaxClusters = 5,
            MaxTtlHours = 4,
        };
        var both = inner.Within(outer);
        both.Namespaces.ShouldBe(["team-a-x"]);
        (both.OwnClusters, both.MaxClusters, both.MaxTtlHours).ShouldBe((true, 3, 4));
        Limits.None.Within(outer).Namespaces.ShouldBe(["team-a-*"]);
        inner.Within(Limits.None).Namespaces.ShouldBe(inner.Namespaces);
        new Limits { Namespaces = ["*"] }
            .Within(outer)
            .Allow("team-a-x")
            .ShouldBeFalse();
    }
}
