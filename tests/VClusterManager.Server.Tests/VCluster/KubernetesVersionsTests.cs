using Shouldly;
using VClusterManager.Server.VCluster;
using Xunit;

namespace VClusterManager.Server.Tests.VCluster;

public sealed class KubernetesVersionsTests
{
    private static KubernetesVersions Versions(params (string Minor, string Tag)[] offered) =>
        new(TestOptions.VCluster with { Versions = offered.ToDictionary(o => o.Minor, o => o.Tag) });

    [Fact]
    public void The_newest_is_first_by_number_not_by_letter() =>
        Versions(("1.9", "v1.9.11"), ("1.35", "v1.35.0"), ("1.10", "v1.10.1"))
            .Offered.Select(v => v.ImageTag)
            .ShouldBe(["v1.35.0", "v1.10.1", "v1.9.11"]);

    [Theory]
    [InlineData("1.34", "v1.34.2")]
    [InlineData("v1.34", "v1.34.2")]
    [InlineData("1.34.2", "v1.34.2")]
    [InlineData("v1.34.2", "v1.34.2")]
    [InlineData(" 1.34 ", "v1.34.2")]
    [InlineData("1.34.1", null)]
    [InlineData("1.3", null)]
    [InlineData("1.36", null)]
    [InlineData("banana", null)]
    [InlineData("", null)]
    [InlineData("v", null)]
    [InlineData("vv1.34", null)]
    public void Versions_are_taken_with_and_without_v_and_patch(string text, string? tag) =>
        Versions(("1.35", "v1.35.0"), ("1.34", "v1.34.2")).Resolve(text)?.ImageTag.ShouldBe(tag);

    [Theory]
    [InlineData("1.34.1")]
    [InlineData("1.25")]
    [InlineData("banana")]
    public void What_is_not_on_offer_resolves_to_nothing(string text) =>
        Versions(("1.35", "v1.35.0"), ("1.34", "v1.34.2")).Resolve(text).ShouldBeNull();

    [Theory]
    [InlineData("1.34", "1.35", 1)]
    [InlineData("v1.34.2", "v1.35.0", 1)]
    [InlineData("v1.35.0", "1.33", -2)]
    [InlineData("1.34.1", "1.34.9", 0)]
    [InlineData("v1.34.2-eks.1", "1.35", 1)]
    public void Steps_are_counted_in_minor_versions(string from, string to, int steps) =>
        KubernetesVersions.MinorSteps(from, to).ShouldBe(steps);

    [Theory]
    [InlineData("banana")]
    [InlineData("latest")]
    [InlineData("")]
    public void What_is_no_version_has_no_distance(string from) =>
        KubernetesVersions.MinorSteps(from, "1.35").ShouldBeNull();

    [Fact]
    public void The_default_table_resolves_itself()
    {
        var versions = new KubernetesVersions(TestOptions.VCluster with { Versions = KubernetesVersions.Defaults });

        versions.Offered[0].ShouldBe(new OfferedVersion("1.35", "v1.35.0"));
        foreach (var (minor, tag) in KubernetesVersions.Defaults)
        {
            versions.Resolve(minor).ShouldBe(new OfferedVersion(minor, tag));
            versions.Resolve(tag).ShouldBe(new OfferedVersion(minor, tag));
        }
    }
}
