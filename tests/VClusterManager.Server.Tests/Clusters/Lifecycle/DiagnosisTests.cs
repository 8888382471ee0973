using Shouldly;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Kubernetes;
using Xunit;

namespace VClusterManager.Server.Tests.Clusters.Lifecycle;

public sealed class DiagnosisTests
{
    [Fact]
    public void An_image_that_cannot_be_pulled_is_named_with_what_the_host_says()
    {
        var seen = Observed.Starting with
        {
            Pods =
            [
                Observed.Pod(Observed.Container("ImagePullBackOff", "ghcr.io/loft-sh/kubernetes:banana: not found")),
            ],
        };

        var diagnosis = Diagnosis.Of(seen);

        diagnosis.Message.ShouldBe(
            "Image ghcr.io/loft-sh/kubernetes:v1.35.0 cannot be pulled: ghcr.io/loft-sh/kubernetes:banana: not found."
        );
        diagnosis.Hopeless.ShouldBeTrue();
    }

    [Fact]
    public void A_volume_claim_without_a_storage_class_says_that_the_host_has_no_default()
    {
        var seen = Observed.Starting with
        {
            Pods = [Observed.Pod() with { Unschedulable = "pod has unbound immediate PersistentVolumeClaims" }],
            VolumeClaims = [new ObservedVolumeClaim("data-demo-0", "Pending", null, Deleting: false)],
        };

        Diagnosis
            .Of(seen)
            .ShouldBe(
                new Diagnosis(
                    "Volume claim data-demo-0 waits for a StorageClass: the host has no default, and the values name none.",
                    Hopeless: true
                )
            );
    }

    [Fact]
    public void A_volume_that_is_being_made_is_no_problem_yet()
    {
        var seen = Observed.Starting with
        {
            Pods = [Observed.Pod()],
            VolumeClaims = [new ObservedVolumeClaim("data-demo-0", "Pending", "gp3", Deleting: false)],
        };

        Diagnosis.Of(seen).Hopeless.ShouldBeFalse();
    }

    [Fact]
    public void A_quota_that_refuses_the_pod_is_told_in_the_words_of_the_host()
    {
        var seen = Observed.Starting with
        {
            Warnings =
            [
                new ObservedWarning(
                    "StatefulSet",
                    "demo",
                    "FailedCreate",
                    "create Pod demo-0 in StatefulSet demo failed error: pods \"demo-0\" is forbidden: exceeded quota: q",
                    3,
                    default
                ),
            ],
        };

        var diagnosis = Diagnosis.Of(seen);

        diagnosis.Message.ShouldContain("exceeded quota: q");
        diagnosis.Hopeless.ShouldBeTrue();
    }

    [Fact]
    public void A_crash_loop_is_told_with_its_exit_code_and_points_at_the_container()
    {
        var seen = Observed.Starting with
        {
            Pods =
            [
                Observed.Pod(Observed.Container("CrashLoopBackOff", "back-off") with { Restarts = 4, ExitCode = 1 }),
            ],
        };

        Diagnosis
            .Of(seen)
            .Message.ShouldBe(
                "Container syncer of pod demo-0 crashes again and again (exit code 1), restarted 4 times."
            );
        Diagnosis.Crashing(seen).ShouldBe(("demo-0", "syncer"));
    }

    [Fact]
    public void What_is_merely_starting_is_said_and_is_not_hopeless()
    {
        Diagnosis.Of(Observed.Starting).ShouldBe(new Diagnosis("Its pod has not been made yet.", Hopeless: false));
        Diagnosis
            .Of(Observed.Starting with { Pods = [Observed.Pod(Observed.Container("PodInitializing", null))] })
            .ShouldBe(new Diagnosis("Pod demo-0 is starting (PodInitializing).", Hopeless: false));
        Diagnosis.Of(Observed.Ready with { KubeconfigVersion = null }).Message.ShouldContain("kubeconfig");
    }
}
