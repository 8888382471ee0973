using Shouldly;
using VClusterManager.Server.Access.Proxy;
using Xunit;

namespace VClusterManager.Server.Tests.Access;

public sealed class KubernetesCallTests
{
    [Theory]
    [InlineData("GET", "/api/v1/pods", "list", "pods", null, null)]
    [InlineData("GET", "/api/v1/namespaces", "list", "namespaces", null, null)]
    [InlineData("GET", "/api/v1/namespaces/web", "get", "namespaces", null, "web")]
    [InlineData("PUT", "/api/v1/namespaces/web/finalize", "update", "namespaces/finalize", null, "web")]
    [InlineData("GET", "/api/v1/namespaces/web/pods", "list", "pods", "web", null)]
    [InlineData("GET", "/api/v1/namespaces/web/pods?watch=true", "watch", "pods", "web", null)]
    [InlineData("GET", "/api/v1/namespaces/web/pods?watch=false", "list", "pods", "web", null)]
    [InlineData("GET", "/api/v1/watch/namespaces/web/pods", "watch", "pods", "web", null)]
    [InlineData("DELETE", "/api/v1/namespaces/web/pods", "deletecollection", "pods", "web", null)]
    [InlineData("DELETE", "/api/v1/namespaces/web/pods/a", "delete", "pods", "web", "a")]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/web/deployments/a/scale", "patch", "deployments/scale", "web", "a")]
    [InlineData("POST", "/apis/apps/v1/namespaces/web/deployments", "create", "deployments", "web", null)]
    [InlineData("GET", "/%61pi/v1/namespaces/web/%70ods/a/%65xec", "get", "pods/exec", "web", "a")]
    [InlineData("GET", "/version", "get", "", null, null)]
    public void A_request_is_put_into_the_words_of_RBAC(
        string method,
        string path,
        string verb,
        string resource,
        string? ns,
        string? name
    )
    {
        var call = Of(method, path);

        (call.Verb, call.Resource, call.Namespace, call.Name).ShouldBe((verb, resource, ns, name));
    }

    [Theory]
    [InlineData("GET", "/api/v1/pods", false)]
    [InlineData("HEAD", "/api/v1/pods", false)]
    [InlineData("GET", "/api/v1/pods?watch=1", false)]
    [InlineData("POST", "/api/v1/pods", true)]
    [InlineData("BREW", "/api/v1/pods", true)]
    [InlineData("GET", "/api/v1/namespaces/a/pods/p/exec?command=ls", true)]
    [InlineData("GET", "/api/v1/namespaces/a/pods/p/log?follow=true", false)]
    [InlineData("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", false)]
    [InlineData("POST", "/apis/authentication.k8s.io/v1/tokenreviews", true)]
    public void What_may_change_something_is_a_write(string method, string path, bool isWrite) =>
        Of(method, path).IsWrite.ShouldBe(isWrite);

    [Theory]
    [InlineData("/api/v1/pods?watch=1", true)]
    [InlineData("/api/v1/pods?watch", true)]
    [InlineData("/api/v1/pods?watch=0", false)]
    [InlineData("/api/v1/pods?watch=FALSE", false)]
    [InlineData("/api/v1/pods?watch=f", true)]
    [InlineData("/api/v1/pods?WATCH=0&watch=1", true)]
    [InlineData("/api/v1/pods?Watch=1", false)]
    [InlineData("/api/v1/pods?watch=0&watch=1", false)]
    [InlineData("/api/v1/namespaces/a/pods/p/log?follow=true", true)]
    [InlineData("/api/v1/namespaces/a/pods/p/log", false)]
    public void Watches_and_followed_logs_go_on(string path, bool goesOn) => Of("GET", path).GoesOn.ShouldBe(goesOn);

    [Fact]
    public void An_upgrade_is_a_session_whatever_it_is_called_but_for_a_watch()
    {
        var console = KubernetesCall.Of("GET", At("/apis/x/v1/namespaces/a/machines/m/console"), isUpgrade: true);
        (console.IsWrite, console.GoesOn, console.Action).ShouldBe((true, true, "console"));
        var watch = KubernetesCall.Of("GET", At("/api/v1/pods?watch=1"), isUpgrade: true);
        (watch.IsWrite, watch.GoesOn, watch.Action).ShouldBe((false, true, "watch"));
    }

    [Fact]
    public void The_audit_names_what_it_is_about()
    {
        Of("DELETE", "/api/v1/namespaces/web/pods/a").Target.ShouldBe("pods web/a");
        Of("DELETE", "/api/v1/nodes/n").Target.ShouldBe("nodes n");
        Of("POST", "/api/v1/namespaces/web/pods").Target.ShouldBe("pods web");
        var session = Of("GET", "/api/v1/namespaces/web/pods/a/exec?command=ls");
        (session.Action, session.Target).ShouldBe(("exec", "pods/exec web/a"));
    }

    private static KubernetesCall Of(string method, string path) =>
        KubernetesCall.Of(method, At(path), isUpgrade: false);

    private static ProxyPath At(string path) => ProxyPath.Parse("/k8s/ns/demo" + path, out _)!;
}
