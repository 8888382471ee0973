using System.Text.Json;
using Shouldly;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Kubernetes.Observing;
using Xunit;

namespace VClusterManager.Server.Tests.Kubernetes;

public sealed class ObserveTests
{
    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    [Theory]
    // generation, observed, replicas, updated -> up to date
    [InlineData(1, 1, 1, 1, true)]
    [InlineData(2, 1, 1, 1, false)]
    [InlineData(2, 2, 1, 0, false)]
    [InlineData(2, 2, 3, 2, false)]
    [InlineData(3, 3, 0, 0, true)]
    public void A_stateful_set_is_up_to_date_when_every_replica_runs_the_newest_template(
        int generation,
        int observed,
        int replicas,
        int updated,
        bool upToDate
    ) =>
        Observe
            .StatefulSet(
                Json(
                    $$$"""
                    {"metadata":{"name":"demo","generation":{{{generation}}},"creationTimestamp":"2026-11-22T16:20:37Z"},
                     "spec":{"replicas":{{{replicas}}}},
                     "status":{"observedGeneration":{{{observed}}},"updatedReplicas":{{{updated}}},"readyReplicas":1}}
                    """
                )
            )
            .UpToDate.ShouldBe(upToDate);

    [Theory]
    [InlineData(
        """{"status":{"loadBalancer":{"ingress":[{"hostname":"lb.example.com"},{"ip":"10.0.0.2"}]}}}""",
        "lb.example.com"
    )]
    [InlineData("""{"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.1"}]}}}""", "10.0.0.1")]
    [InlineData("""{"status":{"loadBalancer":{"ingress":[]}}}""", null)]
    [InlineData("""{"status":{"loadBalancer":{}}}""", null)]
    [InlineData("""{"spec":{}}""", null)]
    public void A_service_tells_where_it_is_balanced(string service, string? at) =>
        Observe.LoadBalancer(Json(service)).ShouldBe(at);

    [Fact]
    public void A_workload_without_any_status_is_not_ready()
    {
        var workload = Observe.StatefulSet(
            Json("""{"metadata":{"name":"demo","generation":1},"spec":{"replicas":1}}""")
        );

        workload.ReadyReplicas.ShouldBe(0);
        workload.UpToDate.ShouldBeFalse();
        workload.KubernetesImageTag.ShouldBeNull();
        workload.Labels.ShouldBeEmpty();
    }

    [Fact]
    public void A_deployment_with_an_old_pod_is_not_up_to_date()
    {
        const string Text = """
            {"metadata":{"name":"demo","generation":1,"annotations":{"loft.sh/paused":"true"},"deletionTimestamp":"2026-11-22T16:20:37Z"},
             "spec":{"replicas":1,"template":{"spec":{"initContainers":[{"name":"kubernetes","image":"registry:5000/kubernetes:v1.34.0@sha256:0"}],"containers":[{"name":"syncer"}]}}},
             "status":{"observedGeneration":1,"replicas":2,"updatedReplicas":1}}
            """;
        var workload = Observe.Deployment(Json(Text));

        workload.Kind.ShouldBe(WorkloadKind.Deployment);
        workload.UpToDate.ShouldBeFalse();
        workload.Paused.ShouldBeTrue();
        workload.Deleting.ShouldBeTrue();
        workload.KubernetesImageTag.ShouldBe("v1.34.0");
    }

    [Fact]
    public void A_pod_says_why_it_does_not_run()
    {
        var pod = ObservePods.Pod(
            Json(
                """
                {"metadata":{"name":"demo-0"},"status":{"phase":"Pending",
                  "conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/1 nodes are available"},{"type":"Ready","status":"False"}],
                  "initContainerStatuses":[{"name":"kubernetes","ready":false,"restartCount":0,"image":"i:1","imageID":"","state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}}],
                  "containerStatuses":[{"name":"syncer","ready":false,"restartCount":3,"image":"s:1","imageID":"","state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}}
                """
            )
        );

        pod.Ready.ShouldBeFalse();
        pod.Unschedulable.ShouldBe("0/1 nodes are available");
        pod.Containers.ShouldBe([
            new("kubernetes", true, false, "i:1", 0, "ImagePullBackOff", "Back-off pulling image", null),
            new("syncer", false, false, "s:1", 3, "CrashLoopBackOff", null, 137),
        ]);
    }

    [Fact]
    public void A_namespace_on_its_way_out_says_what_holds_it()
    {
        var home = Observe.Namespace(
            Json(
                """
                {"metadata":{"name":"demo","uid":"u","deletionTimestamp":"2026-11-22T16:20:37Z"},"status":{"phase":"Terminating","conditions":[
                  {"type":"NamespaceDeletionDiscoveryFailure","status":"False","message":"All resources successfully discovered"},
                  {"type":"NamespaceFinalizersRemaining","status":"True","message":"Some content in the namespace has finalizers remaining: example.com/x in 1 resource instances"}]}}
                """
            )
        );

        home.Terminating.ShouldBeTrue();
        home.DeletionConditions.ShouldHaveSingleItem().ShouldStartWith("Some content in the namespace has finalizers");
    }

    [Theory]
    [InlineData("""{"count":4,"lastTimestamp":"2026-11-22T16:20:37Z"}""", 4)]
    [InlineData(
        """{"eventTime":"2026-11-22T16:00:00.123456Z","series":{"count":7,"lastObservedTime":"2026-11-22T16:20:37.000000Z"}}""",
        7
    )]
    [InlineData("""{"eventTime":"2026-11-22T16:20:37.000000Z"}""", 1)]
    [InlineData("""{"firstTimestamp":null,"lastTimestamp":null,"eventTime":null}""", 1)]
    public void Both_generations_of_events_are_read(string fields, int count)
    {
        var common =
            """{"metadata":{"name":"e","namespace":"demo","creationTimestamp":"2026-11-22T16:20:37Z"},"involvedObject":{"kind":"Pod","name":"demo-0"},"reason":"FailedScheduling","message":"no",""";

        var warning = Observe.Warning(Json(common + fields[1..]));

        warning.ShouldBe(
            new ObservedWarning(
                "Pod",
                "demo-0",
                "FailedScheduling",
                "no",
                count,
                new DateTimeOffset(2026, 11, 22, 16, 20, 37, TimeSpan.Zero)
            )
        );
    }

    [Theory]
    [InlineData("StatefulSet", "demo", true)]
    [InlineData("StatefulSet", "demo-etcd", true)]
    [InlineData("StatefulSet", "demo2", false)]
    [InlineData("Pod", "demo-0", true)]
    [InlineData("Pod", "demo-etcd-0", true)]
    [InlineData("Pod", "web-0-x-default-x-demo", false)]
    [InlineData("Pod", "demo-web-x-default-x-demo", false)]
    [InlineData("Pod", "demo", false)]
    [InlineData("PersistentVolumeClaim", "data-demo-0", true)]
    [InlineData("PersistentVolumeClaim", "demo-0", false)]
    [InlineData("Node", "demo-0", false)]
    public void Warnings_concern_the_control_plane_not_its_tenants(string kind, string name, bool concerns) =>
        ClusterParts
            .Concerns(new ObservedWarning(kind, name, "", "", 1, DateTimeOffset.UnixEpoch), "demo")
            .ShouldBe(concerns);

    [Theory]
    [InlineData(
        """{"labels":{"status":"pending-install","version":"1","createdAt":"1795364437"}}""",
        "pending-install",
        1,
        1795364437,
        true
    )]
    [InlineData(
        """{"labels":{"status":"deployed","version":"12","createdAt":"1","modifiedAt":"1795364437"}}""",
        "deployed",
        12,
        1795364437,
        false
    )]
    [InlineData("""{"creationTimestamp":"1970-01-01T00:00:05Z"}""", "unknown", 0, 5, false)]
    public void A_release_is_read_from_the_labels_of_its_secret(
        string fields,
        string status,
        int revision,
        long at,
        bool pending
    )
    {
        var release = Observe.Release(Observe.Metadata(Json($$"""{"metadata":{"name":"s",{{fields[1..]}}}""")));

        release.ShouldBe(new ObservedRelease("s", revision, status, DateTimeOffset.FromUnixTimeSeconds(at)));
        release.IsPending.ShouldBe(pending);
    }
}
