using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace VClusterManager.Server.Http.OpenApi;

/// <summary>Adds what the framework does not know of: routes that come and go while the server runs.</summary>
internal delegate void ApiDocumentPart(OpenApiDocument document);

/// <summary>The description of the API as text. Made once, and again when it has changed.</summary>
internal sealed class ApiDocument(
    [FromKeyedServices(OpenApiSetup.DocumentName)] IOpenApiDocumentProvider provider,
    IEnumerable<ApiDocumentPart> parts
)
{
    private readonly ApiDocumentPart[] _parts = [.. parts];
    private volatile Lazy<Task<byte[]>>? _text;

    public Task<byte[]> ReadAsync() => (_text ?? Make()).Value;

    /// <summary>Some of it is another one now.</summary>
    public void Changed() => _text = null;

    private Lazy<Task<byte[]>> Make()
    {
        Lazy<Task<byte[]>> made = new(WriteAsync);
        return Interlocked.CompareExchange(ref _text, made, null) ?? made;
    }

    private async Task<byte[]> WriteAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        foreach (var part in _parts)
        {
            part(document);
        }

        await using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        await text.WriteAsync('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
