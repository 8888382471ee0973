using Shouldly;
using VClusterManager.Server.Clusters;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters;

public sealed class ClusterNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("demo")]
    [InlineData("pr-12-shop")]
    [InlineData("a1")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv")] // 48
    public void A_name_that_works_for_all_that_is_made_of_it_is_taken(string text)
    {
        ClusterName.TryParse(text, out var name, out var error).ShouldBeTrue(error);
        name.Value.ShouldBe(text);
    }

    [Theory]
    [InlineData(null, "required")]
    [InlineData("", "required")]
    [InlineData("1abc", "begin with a lower-case letter")] // helm half installs this one
    [InlineData("Demo", "begin with a lower-case letter")]
    [InlineData("-a", "begin with a lower-case letter")]
    [InlineData("a-", "end with a letter or digit")]
    [InlineData("a_b", "only lower-case letters")]
    [InlineData("a.b", "only lower-case letters")]
    [InlineData("a b", "only lower-case letters")]
    [InlineData("a/b", "only lower-case letters")]
    [InlineData("ä", "begin with a lower-case letter")]
    [InlineData("a\n", "only lower-case letters")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvw", "at most 48")]
    public void A_name_that_only_fails_later_on_the_host_is_refused_with_the_reason(string? text, string reason)
    {
        ClusterName.TryParse(text, out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain(reason);
    }
}
