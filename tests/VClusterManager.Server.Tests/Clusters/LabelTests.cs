using Shouldly;
using VClusterManager.Server.Clusters;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

public sealed class LabelTests
{
    [Theory]
    [InlineData("team", "a", true)]
    [InlineData("example.com/team", "", true)]
    [InlineData("a_b.c-d", "A_b.c-1", true)]
    [InlineData("", "a", false)]
    [InlineData("/a", "a", false)]
    [InlineData("a/b/c", "a", false)]
    [InlineData("Example.com/team", "a", false)]
    [InlineData("-a", "a", false)]
    [InlineData("team", "a b", false)]
    [InlineData("team", "-a", false)]
    [InlineData("team", "0123456789012345678901234567890123456789012345678901234567890123", false)]
    public void Labels_follow_the_rules_of_Kubernetes(string key, string value, bool valid) =>
        (LabelRules.Check(new Dictionary<string, string> { [key] = value }).Count == 0).ShouldBe(valid);

    [Theory]
    [InlineData("team=a", true)]
    [InlineData("team==a", true)]
    [InlineData("team = a , tier=web", true)]
    [InlineData("team=b", false)]
    [InlineData("team!=b", true)]
    [InlineData("other!=b", true)]
    [InlineData("team in (a, b)", true)]
    [InlineData("team in (b,c),tier", false)]
    [InlineData("team notin (b,c),tier", true)]
    [InlineData("tier", true)]
    [InlineData("!tier", false)]
    [InlineData("!other", true)]
    [InlineData("team in (a),tier in (web),!other", true)]
    public void A_selector_chooses_as_kubectl_does(string text, bool matches)
    {
        LabelSelector.TryParse(text, out var selector, out var error).ShouldBeTrue(error);
        selector!.Matches(new Dictionary<string, string> { ["team"] = "a", ["tier"] = "web" }).ShouldBe(matches);
    }

    [Theory]
    [InlineData("team=a=b")]
    [InlineData("=a")]
    [InlineData("team in")]
    [InlineData("te am=a")]
    [InlineData("team in (a b)")]
    [InlineData("!")]
    [InlineData("a,,b")]
    public void A_selector_that_means_nothing_is_refused(string text)
    {
        LabelSelector.TryParse(text, out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNullOrEmpty();
    }
}
