using Shouldly;
using VClusterManager.Server.Audit;
using VClusterManager.Server.Storage;
using Xunit;

namespace VClusterManager.Server.Tests.Audit;

public sealed class AuditActionTests
{
    [Theory]
    [InlineData("POST", "//api/clusters/", "cluster.create")]
    [InlineData("PATCH", "/api/clusters/{name}", "cluster.update")]
    [InlineData("DELETE", "/api/clusters/{name}", "cluster.delete")]
    [InlineData("POST", "/api/clusters/{name}/extend", "cluster.extend")]
    [InlineData("POST", "/api/clusters:validate", "cluster.validate")]
    [InlineData("GET", "/api/clusters", "cluster.read")]
    [InlineData("GET", "/api/clusters/{name}/kubeconfig", "cluster.kubeconfig")]
    [InlineData("POST", "/api/operations/{id:guid}/cancel", "operation.cancel")]
    [InlineData("DELETE", "/api/orphans/{id}", "orphan.delete")]
    [InlineData("POST", "/api/keys", "key.create")]
    [InlineData("POST", "/token", "token.create")]
    [InlineData("POST", "/webhooks/github", "webhook.github")]
    [InlineData("POST", "/api/webhooks/deliveries/{id}/replay", "delivery.replay")]
    [InlineData("POST", "/k8s/{namespace}/{name}/{**path}", "k8s.create")]
    [InlineData("POST", "/api/classes", "classe.create")]
    [InlineData("POST", "/api/access", "access.create")]
    [InlineData("PURGE", "/api/caches/{id}", "cache.purge")]
    [InlineData("GET", "/{**all}", "unknown")]
    [InlineData("GET", "/", "unknown")]
    [InlineData("GET", null, "unknown")]
    public void A_route_is_a_word_of_the_product(string method, string? pattern, string action) =>
        AuditAction.Of(method, pattern).ShouldBe(action);

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("demo", "demo")]
    [InlineData("a\r\nb\tc", "a  b c")]
    [InlineData("a\0b", "a\uFFFDb")]
    public void Text_from_outside_is_on_one_line_and_can_be_stored(string? text, string? kept) =>
        AuditText.Of(text).ShouldBe(kept);

    [Fact]
    public void Half_a_character_is_none() => AuditText.Of("half \uD800").ShouldBe("half \uFFFD");

    [Fact]
    public void Text_from_outside_is_cut_off() =>
        AuditText.Of(new string('x', 100_000))!.Length.ShouldBe(AuditRow.MaxText);
}
