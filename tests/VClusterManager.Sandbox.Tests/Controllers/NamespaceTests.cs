using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Controllers;

public sealed class NamespaceTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private HttpClient Admin => sandbox.Admin;

    [Fact]
    public async Task A_namespace_that_cannot_go_says_what_holds_it()
    {
        await sandbox.CreateNamespaceAsync("held");
        await Admin.PostJsonAsync(
            "/api/v1/namespaces/held/configmaps",
            """{"metadata":{"name":"x","finalizers":["example.com/hold"]}}"""
        );
        await Admin.DeleteJsonAsync("/api/v1/namespaces/held");

        var held = await SandboxHost.EventuallyAsync(
            Admin,
            "/api/v1/namespaces/held",
            ns => ns["status"]?["conditions"] is not null
        );

        var messages = held["status"]!["conditions"]!.AsArray().Select(condition => condition.Text("message"));
        messages.ShouldContain("Some resources are remaining: configmaps. has 1 resource instances");
        messages.ShouldContain(
            "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"
        );

        await Admin.MergeAsync("/api/v1/namespaces/held/configmaps/x", """{"metadata":{"finalizers":null}}""");
        await SandboxHost.EventuallyAsync(Admin, "/api/v1/namespaces/held", ns => ns.Text("code") == "404");
    }

    [Fact]
    public async Task Everything_in_a_deleted_namespace_goes_with_volumes()
    {
        await sandbox.InstallAsync("whole", "demo");
        await sandbox.KubeconfigAsync("whole", "demo");
        var claim = await Admin.GetJsonAsync("/api/v1/namespaces/whole/persistentvolumeclaims/data-demo-0");
        await Admin.DeleteJsonAsync("/api/v1/namespaces/whole");

        await SandboxHost.EventuallyAsync(Admin, "/api/v1/namespaces/whole", ns => ns.Text("code") == "404");
        await SandboxHost.EventuallyAsync(
            Admin,
            $"/api/v1/persistentvolumes/{claim.Text("spec", "volumeName")}",
            volume => volume.Text("code") == "404"
        );
    }

    [Fact]
    public async Task The_furniture_of_a_namespace_is_put_back()
    {
        await sandbox.CreateNamespaceAsync("furniture");
        const string path = "/api/v1/namespaces/furniture/serviceaccounts/default";
        var first = await SandboxHost.EventuallyAsync(Admin, path, account => account.Text("kind") == "ServiceAccount");
        await Admin.DeleteJsonAsync(path);

        await SandboxHost.EventuallyAsync(
            Admin,
            path,
            account => account.Text("metadata", "uid") is { } uid && uid != first.Text("metadata", "uid")
        );
    }
}
