using Shouldly;
using VClusterManager.EndToEnd.Tests.TestHost;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Deployment;

/// <summary>The manifests, with the real kubectl.</summary>
public sealed class ManifestTests(HostFixture fixture) : DeploymentTest(fixture), IClassFixture<HostFixture>
{
    [Fact]
    public async Task The_host_takes_all_of_them_and_finds_nothing_to_change_afterwards()
    {
        var monitoring = Path.Combine(Repository.Manifests, "monitoring");
        var secret = Path.Combine(Repository.Manifests, "secret.example.yaml");
        // A dry run looks for the namespace as well.
        await Host.RunAsync("apply", "-f", Path.Combine(Repository.Manifests, "namespace.yaml"));
        foreach (
            string[] what in (string[][])
                [
                    ["-k", Repository.Manifests],
                    ["-k", monitoring],
                    ["-f", secret],
                ]
        )
        {
            await Host.RunAsync(["apply", "--dry-run=server", "--validate=strict", .. what]);
        }

        await Host.RunAsync("apply", "-k", Repository.Manifests);
        (await Host.RunAsync("apply", "-k", Repository.Manifests))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldAllBe(line => line.EndsWith(" unchanged", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_is_applied_or_says_why_not()
    {
        var named = YamlObjects.Read(Repository.Read("k8s", "kustomization.yaml")).Single()["resources"]!
            .AsArray()
            .Select(name => (string)name!);
        Directory
            .EnumerateFiles(Repository.Manifests)
            .Select(file => Path.GetFileName(file))
            .Except(["kustomization.yaml", "secret.example.yaml"])
            .ShouldBe(named, ignoreOrder: true);
    }

    [Fact]
    public async Task The_configuration_in_it_is_valid()
    {
        var map = YamlObjects.Read(Repository.Read("k8s", "config-map.yaml")).Single();
        var folder = Directory.CreateDirectory(Path.Combine(Fixture.Sandbox.Folder, "config")).FullName;
        foreach (var (name, text) in map["data"]!.AsObject())
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, name),
                (string)text!,
                TestContext.Current.CancellationToken
            );
        }

        // The endpoints of the image are those beside the program.
        var file = Path.Combine(folder, "config.yaml");
        var here = Path.GetDirectoryName(BuildPaths.Server)!;
        await File.WriteAllTextAsync(
            file,
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace(
                "/app/",
                here + '/',
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );
        await RunAsync(BuildPaths.Server, "check-config", file);
    }

    [Fact]
    public void A_secret_that_nobody_has_filled_in_opens_nothing()
    {
        YamlObjects.Read(Repository.Read("k8s", "secret.example.yaml")).Single()["stringData"]!
            .AsObject()
            .ShouldAllBe(entry => (string)entry.Value! == "");
    }

    [Fact]
    public void The_pod_may_do_no_more_than_it_needs()
    {
        var pod = YamlObjects.Read(Repository.Read("k8s", "deployment.yaml")).Single()["spec"]!["template"]!["spec"]!;
        var container = pod["containers"]!.AsArray().Single()!;
        var rights = container["securityContext"]!;

        ((bool)pod["securityContext"]!["runAsNonRoot"]!).ShouldBeTrue();
        ((string)pod["securityContext"]!["seccompProfile"]!["type"]!).ShouldBe("RuntimeDefault");
        ((bool)rights["readOnlyRootFilesystem"]!).ShouldBeTrue();
        ((bool)rights["allowPrivilegeEscalation"]!).ShouldBeFalse();
        rights["capabilities"]!["drop"]!.AsArray().Select(name => (string)name!).ShouldBe(["ALL"]);
        // As the image has it.
        ((int)pod["securityContext"]!["runAsUser"]!).ShouldBe(ImageFile.User);
    }

    [Fact]
    public void The_pod_gets_more_time_to_end_than_it_takes()
    {
        var pod = YamlObjects.Read(Repository.Read("k8s", "deployment.yaml")).Single()["spec"]!["template"]!["spec"]!;
        var sleep = (int)pod["containers"]![0]!["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!;

        // 45 s is what the server gives itself.
        ((int)pod["terminationGracePeriodSeconds"]!).ShouldBeGreaterThan(sleep + 45);
    }
}
