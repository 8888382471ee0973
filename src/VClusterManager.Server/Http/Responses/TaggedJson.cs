using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace VClusterManager.Server.Http.Responses;

/// <summary>
/// A JSON answer with a strong <c>ETag</c>, which is the hash of its bytes and so means the same on every replica; 304
/// when the caller has it already.
/// </summary>
internal sealed class TaggedJson<T>(T value)
    : IResult,
        IStatusCodeHttpResult,
        IValueHttpResult<T>,
        IEndpointMetadataProvider
{
    public T Value { get; } = value;

    public int? StatusCode => StatusCodes.Status200OK;

    public Task ExecuteAsync(HttpContext httpContext) =>
        new TaggedBytes(JsonSerializer.SerializeToUtf8Bytes(Value, ApiJson.Options)).ExecuteAsync(httpContext);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"])
        );
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified));
    }
}
