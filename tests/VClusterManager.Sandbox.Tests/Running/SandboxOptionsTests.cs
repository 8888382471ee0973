using VClusterManager.Sandbox.Running;

namespace VClusterManager.Sandbox.Tests.Running;

public sealed class SandboxOptionsTests
{
    [Fact]
    public void Options_are_read_with_and_without_an_equals_sign()
    {
        var (options, error) = SandboxOptions.Parse([
            "--host-only",
            "--api-port=1234",
            "--ready-delay",
            "500ms",
            "--fault",
            "image-error",
            "--fault=api-away=503",
            "--latency",
            "20ms",
        ]);

        error.ShouldBeNull();
        options!.HostOnly.ShouldBeTrue();
        options.ApiPort.ShouldBe(1234);
        options.ReadyDelay.ShouldBe(TimeSpan.FromMilliseconds(500));
        options.Faults["image-error"].ShouldBe("");
        options.Faults["api-away"].ShouldBe("503");
        options.Faults["api-latency"].ShouldBe("20ms");
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense needs a value")]
    [InlineData("--port|0", "--port 0 is not understood")]
    [InlineData("--fault|nonsense", "--fault nonsense is not understood")]
    [InlineData("--ready-delay|soon", "--ready-delay soon is not understood")]
    public void What_is_not_understood_is_named(string arguments, string error) =>
        SandboxOptions.Parse(arguments.Split('|')).Error.ShouldBe(error);
}
