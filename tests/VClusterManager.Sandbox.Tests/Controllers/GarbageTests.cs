using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Controllers;

public sealed class GarbageTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    private HttpClient Admin => sandbox.Admin;

    [Fact]
    public async Task What_belongs_to_something_deleted_goes_too()
    {
        await OwnedAsync("background", finalizer: "");
        await Admin.DeleteJsonAsync($"{Maps("background")}/owner");
        await GoneAsync("background", "owned");
    }

    [Fact]
    public async Task With_orphan_it_stays_and_forgets_its_owner()
    {
        await OwnedAsync("orphan", finalizer: "");
        await Admin.DeleteJsonAsync($"{Maps("orphan")}/owner?propagationPolicy=Orphan");
        await GoneAsync("orphan", "owner");
        var owned = await Admin.GetJsonAsync($"{Maps("orphan")}/owned");
        owned["metadata"]!.AsObject().ContainsKey("ownerReferences").ShouldBeFalse();
    }

    [Fact]
    public async Task In_the_foreground_the_owner_waits_for_what_is_held()
    {
        await OwnedAsync("foreground", finalizer: """,'finalizers':['example.com/hold']""".Replace('\'', '"'));
        var marked = await Admin.DeleteJsonAsync(
            $"{Maps("foreground")}/owner",
            """{"propagationPolicy":"Foreground"}"""
        );
        marked.Text("metadata", "finalizers", "0").ShouldBe("foregroundDeletion");
        await SandboxHost.EventuallyAsync(
            Admin,
            $"{Maps("foreground")}/owned",
            owned => owned.Text("metadata", "deletionTimestamp") is not null
        );
        (await Admin.GetJsonAsync($"{Maps("foreground")}/owner")).Text("kind").ShouldBe("ConfigMap");

        await Admin.MergeAsync($"{Maps("foreground")}/owned", """{"metadata":{"finalizers":null}}""");
        await GoneAsync("foreground", "owned");
        await GoneAsync("foreground", "owner");
    }

    private static string Maps(string ns) => $"/api/v1/namespaces/{ns}/configmaps";

    private async Task OwnedAsync(string ns, string finalizer)
    {
        await sandbox.CreateNamespaceAsync(ns);
        var owner = await Admin.PostJsonAsync(Maps(ns), """{"metadata":{"name":"owner"}}""");
        await Admin.PostJsonAsync(
            Maps(ns),
            $$$"""{"metadata":{"name":"owned","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"{{{owner.Text("metadata", "uid")}}}","blockOwnerDeletion":true}]{{{finalizer}}}}}"""
        );
    }

    private Task GoneAsync(string ns, string name) =>
        SandboxHost.EventuallyAsync(Admin, $"{Maps(ns)}/{name}", answer => answer.Text("code") == "404");
}
