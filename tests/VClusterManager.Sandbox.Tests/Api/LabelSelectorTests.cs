using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;

namespace VClusterManager.Sandbox.Tests.Api;

public sealed class LabelSelectorTests
{
    private static readonly JsonObject Labels = new()
    {
        ["app"] = "web",
        ["tier"] = "2",
        ["example.com/x"] = "",
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("app", true)]
    [InlineData("!app", false)]
    [InlineData("!nope", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web,tier=2", true)]
    [InlineData("app = web , tier != 3", true)]
    [InlineData("app!=web", false)]
    [InlineData("nope!=web", true)]
    [InlineData("app in (db, web)", true)]
    [InlineData("app notin (db, web)", false)]
    [InlineData("nope notin (a)", true)]
    [InlineData("tier>1", true)]
    [InlineData("tier<2", false)]
    [InlineData("example.com/x=", true)]
    public void Matches_as_the_real_server_does(string selector, bool matches) =>
        LabelSelector.Parse(selector).Matches(Labels).ShouldBe(matches);

    [Theory]
    [InlineData("app in web")]
    [InlineData("app=web,")]
    [InlineData("=web")]
    [InlineData("a b")]
    [InlineData("tier>x")]
    public void Nonsense_is_a_bad_request(string selector) =>
        Should.Throw<StatusException>(() => LabelSelector.Parse(selector)).Code.ShouldBe(400);

    [Fact]
    public void A_workload_without_a_selector_selects_nothing()
    {
        LabelSelector.FromObject(null).ShouldBeNull();
        LabelSelector.FromMap([]).ShouldBeNull();
    }

    [Fact]
    public void Expressions_of_workloads_count_beside_labels()
    {
        var selector = (JsonObject)
            JsonNode.Parse(
                """{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"NotIn","values":["3"]},{"key":"nope","operator":"DoesNotExist"}]}"""
            )!;
        LabelSelector.FromObject(selector)!.Matches(Labels).ShouldBeTrue();
    }
}
