using Shouldly;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.DynamicEndpoints.Running;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

public sealed class ParameterCheckTests
{
    [Theory]
    [InlineData("type: string", "anything; $(goes)", true)]
    [InlineData("type: string, max_length: 3", "four", false)]
    [InlineData("type: string, pattern: '[a-c]+'", "abc", true)]
    [InlineData("type: string, pattern: '[a-c]+'", "abcd", false)]
    [InlineData("type: string, pattern: '[a-c]+'", "abc\n", false)]
    [InlineData("type: string, pattern: 'a|b'", "ab", false)]
    [InlineData("type: string, enum: [a, b]", "b", true)]
    [InlineData("type: string, enum: [a, b]", "B", false)]
    [InlineData("type: integer", "0", true)]
    [InlineData("type: integer", "-5", true)]
    [InlineData("type: integer", "05", false)]
    [InlineData("type: integer", "+5", false)]
    [InlineData("type: integer", " 5", false)]
    [InlineData("type: integer", "5 ", false)]
    [InlineData("type: integer", "-0", false)]
    [InlineData("type: integer", "1e3", false)]
    [InlineData("type: integer", "\u0665", false)]
    [InlineData("type: integer", "9223372036854775808", false)]
    [InlineData("type: integer", "", false)]
    [InlineData("type: integer, min: 1, max: 3", "3", true)]
    [InlineData("type: integer, min: 1, max: 3", "4", false)]
    [InlineData("type: integer, min: 1, max: 3", "0", false)]
    [InlineData("type: number", "0.5", true)]
    [InlineData("type: number", "-12", true)]
    [InlineData("type: number", "", false)]
    [InlineData("type: number", "-", false)]
    [InlineData("type: number", "--5", false)]
    [InlineData("type: number", ".5", false)]
    [InlineData("type: number", "5.", false)]
    [InlineData("type: number", "1e3", false)]
    [InlineData("type: number", "NaN", false)]
    [InlineData("type: number, max: 0.5", "0.6", false)]
    [InlineData("type: boolean", "true", true)]
    [InlineData("type: boolean", "True", false)]
    [InlineData("type: boolean", "1", false)]
    [InlineData("type: enum, enum: [a, b]", "a", true)]
    [InlineData("type: enum, enum: [a, b]", "", false)]
    [InlineData("type: k8s-name", "kube-system", true)]
    [InlineData("type: k8s-name", "a.b-c", true)]
    [InlineData("type: k8s-name", "-a", false)]
    [InlineData("type: k8s-name", "a-", false)]
    [InlineData("type: k8s-name", "A", false)]
    [InlineData("type: k8s-name", "a/b", false)]
    [InlineData("type: k8s-name", "a,b", false)]
    [InlineData("type: k8s-name", "a\n", false)]
    [InlineData("type: k8s-name", "", false)]
    [InlineData("type: list, items: k8s-name", "a", true)]
    [InlineData("type: list, items: k8s-name", "A", false)]
    [InlineData("type: list, items: integer", "x", false)]
    [InlineData("type: list, min: 2", "a", false)]
    public void A_value_is_what_its_type_says_or_is_refused(string fields, string value, bool taken)
    {
        var parameter = EndpointFiles
            .One(EndpointFiles.With("args: [get, '{x}']\nparameters: { x: { required: true, " + fields + " } }"))
            .Parameters.Single();

        (ParameterCheck.WrongWith(parameter, [value]) is null).ShouldBe(taken);
    }

    [Fact]
    public void A_list_has_so_many_entries_at_most_and_nothing_else_has_two()
    {
        Of("type: list, max: 2")
            .ShouldSatisfyAllConditions(
                p => ParameterCheck.WrongWith(p, ["a", "b"]).ShouldBeNull(),
                p => ParameterCheck.WrongWith(p, ["a", "b", "c"]).ShouldNotBeNull()
            );
        ParameterCheck.WrongWith(Of("type: list"), [.. Enumerable.Repeat("a", 51)]).ShouldNotBeNull();
        ParameterCheck.WrongWith(Of("type: string"), ["a", "b"]).ShouldNotBeNull();
    }

    [Fact]
    public void A_pattern_takes_no_time_whatever_it_is_asked()
    {
        var parameter = Of("type: string, pattern: '(a+)+b', max_length: 100000");
        var began = TimeProvider.System.GetTimestamp();

        ParameterCheck.WrongWith(parameter, [new string('a', 100_000)]).ShouldNotBeNull();

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private static ParameterDefinition Of(string fields) =>
        EndpointFiles
            .One(EndpointFiles.With("args: [get, '{x}']\nparameters: { x: { required: true, " + fields + " } }"))
            .Parameters.Single();
}
