using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Tests.Schema;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1000m", "1")]
    [InlineData("0.5", "500m")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("5000", "5k")]
    [InlineData("1e3", "1k")]
    [InlineData("0", "0")]
    [InlineData("100n", "100n")]
    [InlineData("nonsense", "nonsense")]
    public void Amounts_are_spelled_with_the_largest_unit_that_needs_no_fraction(string text, string canonical) =>
        Quantities.Canonical(text).ShouldBe(canonical);

    [Fact]
    public void Amounts_in_different_units_compare() =>
        (Quantities.Parse("1Gi") > Quantities.Parse("1G")).ShouldBeTrue();
}
