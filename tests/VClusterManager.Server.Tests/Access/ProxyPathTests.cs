using CsCheck;
using Shouldly;
using VClusterManager.Server.Access.Proxy;
using Xunit;

namespace VClusterManager.Server.Tests.Access;

public sealed class ProxyPathTests
{
    [Theory]
    [InlineData("/k8s/ns/demo", "/", "")]
    [InlineData("/k8s/ns/demo/", "/", "")]
    [InlineData("/k8s/ns/demo?x=1", "/", "?x=1")]
    [InlineData("/k8s/ns/demo/api/", "/api/", "")]
    [InlineData(
        "/k8s/ns/demo/api/v1/pods?labelSelector=a%3Db%2Cc&x=../..",
        "/api/v1/pods",
        "?labelSelector=a%3Db%2Cc&x=../.."
    )]
    [InlineData("/k8s/ns/demo/apis/g/v1/roles/system%3Anode", "/apis/g/v1/roles/system%3Anode", "")]
    [InlineData(
        "/k8s/ns/demo/api/v1/namespaces/a/services/https:web:443/proxy/x.html",
        "/api/v1/namespaces/a/services/https:web:443/proxy/x.html",
        ""
    )]
    public void What_comes_after_the_cluster_is_kept_as_it_was_written(string target, string path, string query)
    {
        var parsed = ProxyPath.Parse(target, out _).ShouldNotBeNull();

        (parsed.Namespace, parsed.Name, parsed.Path, parsed.Query).ShouldBe(("ns", "demo", path, query));
    }

    [Theory]
    [InlineData("/k8s")]
    [InlineData("/k8s/")]
    [InlineData("/k8s/ns")]
    [InlineData("/k8s/ns/")]
    [InlineData("/k8s//demo/api")]
    [InlineData("/k8s/NS/demo/api")]
    [InlineData("/k8s/ns/demo%20/api")]
    [InlineData("/k8s/ns/de%6do/api")]
    [InlineData("/k8s/../demo/api")]
    [InlineData("/k8s/ns/demo/../other/api")]
    [InlineData("/k8s/ns/demo/api/..")]
    [InlineData("/k8s/ns/demo/./api")]
    [InlineData("/k8s/ns/demo/%2e%2e/other/api")]
    [InlineData("/k8s/ns/demo/.%2E/other/api")]
    [InlineData("/k8s/ns/demo/%252e%252e/other")]
    [InlineData("/k8s/ns/demo//api")]
    [InlineData("/k8s/ns/demo/api//v1")]
    [InlineData("/k8s/ns/demo/api%2fv1")]
    [InlineData("/k8s/ns/demo/api%5Cv1")]
    [InlineData("/k8s/ns/demo/api%00")]
    [InlineData("/k8s/ns/demo/api%0d%0aX-Y:z")]
    [InlineData("/k8s/ns/demo/api%")]
    [InlineData("/k8s/ns/demo/api%4")]
    [InlineData("/k8s/ns/demo/api%zz")]
    [InlineData("/k8s/ns/demo/a\\b")]
    [InlineData("/k8s/ns/demo/a b")]
    [InlineData("/k8s/ns/demo/ä")]
    [InlineData("/k8s/ns/demo/api#x")]
    [InlineData("http://other/k8s/ns/demo/api")]
    [InlineData("//k8s/ns/demo/api")]
    [InlineData("/%6b8s/ns/demo/api")]
    [InlineData("/K8S/ns/demo/api")]
    [InlineData("*")]
    [InlineData("")]
    public void What_could_lead_elsewhere_is_refused(string target)
    {
        ProxyPath.Parse(target, out var problem).ShouldBeNull();

        problem.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void No_target_leaves_the_prefix_however_often_it_is_decoded()
    {
        string[] some =
        [
            "/",
            "//",
            ".",
            "..",
            "%2e",
            "%2E",
            "%2f",
            "%2F",
            "%5c",
            "\\",
            "%25",
            "%00",
            "api",
            "v1",
            "k8s",
            "ns",
            "demo",
            "other",
            "?",
            "#",
            ":",
            ";",
            "@",
            "%c0%ae",
            "%e2%80%a8",
            "host",
            "http:",
        ];
        var piece = Gen.Int[0, some.Length - 1].Select(i => some[i]);
        piece
            .Array[0, 12]
            .Sample(
                pieces =>
                {
                    var parsed = ProxyPath.Parse("/k8s/ns/demo" + string.Concat(pieces), out _);
                    if (parsed is null)
                    {
                        return;
                    }

                    var path = $"https://cluster/{parsed.Namespace}/{parsed.Name}{parsed.Path}";
                    for (var i = 0; i < 3; i++)
                    {
                        // As the most generous of readers would take it.
                        var uri = new Uri(path.Replace('\\', '/'));
                        uri.Host.ShouldBe("cluster");
                        uri.AbsolutePath.ShouldStartWith("/ns/demo");
                        path = Uri.UnescapeDataString(path);
                    }
                },
                iter: 100_000
            );
    }
}
