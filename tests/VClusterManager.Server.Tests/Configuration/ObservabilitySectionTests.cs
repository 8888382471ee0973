using Shouldly;
using VClusterManager.Server.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Configuration;

public sealed class ObservabilitySectionTests
{
    [Fact]
    public void Nothing_is_traced_until_a_collector_is_named()
    {
        var options = new ConfigurationBench()
            .WithVariable("OTEL_SERVICE_NAME", "mine")
            .WithVariable("OTEL_EXPORTER_OTLP_ENDPOINT", "")
            .Options()
            .Observability;

        options.Otlp.ShouldBeNull();
        options.LogFormat.ShouldBe(LogFormat.Console);
    }

    [Fact]
    public void The_standard_variables_of_OpenTelemetry_mean_what_they_mean_everywhere()
    {
        var options = new ConfigurationBench()
            .WithVariable("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317")
            .WithVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
            .WithVariable("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20s3cret,x=y")
            .WithVariable("OTEL_SERVICE_NAME", "mine")
            .WithVariable("OTEL_TRACES_EXPORTER", "nobody reads this")
            .Options()
            .Observability;

        options.ServiceName.ShouldBe("mine");
        var otlp = options.Otlp.ShouldNotBeNull();
        otlp.Endpoint.ShouldBe(new Uri("http://collector:4317"));
        (otlp.Protocol, otlp.SampledPercent).ShouldBe((OtlpProtocol.Grpc, 100));
        otlp.Headers.ShouldBe("Authorization=Bearer%20s3cret,x=y");
        otlp.ToString().ShouldNotContain("s3cret");
    }

    [Fact]
    public void Headers_that_are_none_are_refused_without_being_told()
    {
        var errors = new ConfigurationBench()
            .WithVariable("OTEL_EXPORTER_OTLP_HEADERS", "s3cret")
            .WithYaml("observability: {otlp: {protocol: thrift}, logs: {format: xml}}")
            .Errors();

        errors.Count.ShouldBe(3);
        string.Join(' ', errors).ShouldNotContain("s3cret");
    }
}
